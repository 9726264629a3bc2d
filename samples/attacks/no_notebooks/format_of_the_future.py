"""A notebook in a format that is not there yet."""
# covers: no notebook
# %% instead
path.write_text('{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 10000000000000000000000}')
