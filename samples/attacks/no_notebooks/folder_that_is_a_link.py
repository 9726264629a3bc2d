"""The whole folder is a link to the folder that somebody else handed in."""
# covers: no notebook, neighbours
# %% instead
path.parent.rmdir()
path.parent.symlink_to("@COURSE@/submitted/@NEIGHBOUR@/01-error-backpropagation", target_is_directory=True)
