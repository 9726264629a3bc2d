"""JSON whose brackets open a hundred thousand times."""
# covers: no notebook
# %% instead
path.write_text('{"cells": ' + "["*100_000 + "]"*100_000 + ', "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
