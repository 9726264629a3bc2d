"""The file that says when a notebook was handed in is a pipe, into which nobody writes."""
# covers: no notebook
# honest: exercise2
# %% tamper
import os

os.mkfifo(folder / "timestamp.txt")
