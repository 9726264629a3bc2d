"""A notebook of sixty megabytes."""
# covers: no notebook, files filled
# %% instead
path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + " "*60_000_000 + "]}")
