"""A notebook with numbers of a hundred thousand digits, and with names that are there twice."""
# covers: no notebook
# %% instead
number = "9"*100_000
path.write_text('{"cells": [], "cells": [], "metadata": {"a": %s, "b": 1e%s}, "nbformat": 4, "nbformat_minor": 5}' % (number, number))
