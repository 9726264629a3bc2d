"""A file of few megabytes that becomes gigabytes where it is read."""
# covers: no notebook, memory
# %% instead
path.write_text('{"cells": [], "metadata": {"x": [' + "[]," * 12_000_000 + "[]]}, " '"nbformat": 4, "nbformat_minor": 5}')
