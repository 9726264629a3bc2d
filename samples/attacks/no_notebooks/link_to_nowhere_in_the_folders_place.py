"""What is handed in is a link to a folder that does not exist."""
# covers: no notebook
# %% instead
path.parent.rmdir()
path.parent.symlink_to("/nowhere/at/all")
