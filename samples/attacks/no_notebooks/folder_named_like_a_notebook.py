"""A folder with the notebook's name, and one inside it."""
# covers: no notebook
# %% instead
(path / path.name).mkdir(parents=True)
