"""A link to itself."""
# covers: no notebook
# %% instead
path.symlink_to(path.name)
