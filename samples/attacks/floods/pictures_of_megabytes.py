"""A cell displays pictures that are none, ten megabytes each."""
# covers: output
# honest: exercise2
# %% first
from IPython.display import display

for _ in range(5):
    display({"image/png": "A"*10**7, "text/plain": "a picture"}, raw=True)
