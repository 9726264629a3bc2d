"""The notebook has another name, in a folder, beside a file with many lines in its name."""
# covers: no notebook
# %% instead
(path.parent / "mine").mkdir()
(path.parent / "mine" / path.name).write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
(path.parent / "01-error-backpropagation\n│ forged-by-a-student │ 20 │ 10 │ 30 │.ipynb").write_text("{}")
