"""A cell displays JSON that is nested deeper than some programs can go, with numbers larger than some can hold."""
# covers: output
# honest: exercise2
# %% first
from IPython.display import display

for depth in (200, 300, 400, 900):
    nest = []
    for _ in range(depth):
        nest = [nest]
    display({"application/json": nest, "text/plain": "a nest"}, raw=True)
display({"application/json": {"large": 10**400, "small": float("-inf"), "none": float("nan")}, "text/plain": ""}, raw=True)
