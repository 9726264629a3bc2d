"""A notebook that was cut off in the middle of a word."""
# covers: no notebook
# %% instead
path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "sour')
