"""The notebook has another name, in a folder, beside a file whose name has lines and colours of its own."""
# covers: no notebook, output
# %% instead
(path.parent / "mine").mkdir()
(path.parent / "mine" / path.name).write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
(path.parent / "01-error-backpropagation\n│ forged-by-a-student │ 20 │ 10 │ 30 │.ipynb").write_text("{}")
(path.parent / "01-error-backpropagation\x1b[2J\x1b]0;forged-by-a-student\x07.ipynb").write_text("{}")
