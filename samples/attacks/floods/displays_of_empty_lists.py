"""Displays of few bytes that hold millions of empty lists."""
# covers: output, memory
# honest: exercise2
# %% first
from IPython.display import display

for _ in range(20):
    display({"application/json": [[]] * 900_000}, raw=True)
