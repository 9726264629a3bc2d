"""A notebook that is one, but for metadata nested so deep that whoever copies them runs out of stack."""
# covers: no notebook
# %% instead
nest = '{"a": '*900 + "{}" + "}"*900
path.write_text('{"cells": [], "metadata": %s, "nbformat": 4, "nbformat_minor": 5}' % nest)
