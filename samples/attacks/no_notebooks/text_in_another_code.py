"""A notebook in sixteen-bit characters, with lone halves of pairs in it."""
# covers: no notebook
# %% instead
text = '{"cells": [], "metadata": {"a": "\\ud800"}, "nbformat": 4, "nbformat_minor": 5}'
path.write_bytes(text.encode("utf-16"))
