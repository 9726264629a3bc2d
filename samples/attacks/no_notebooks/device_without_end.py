"""A link to a device that goes on giving zeros for ever."""
# covers: no notebook, memory
# %% instead
path.symlink_to("/dev/zero")
