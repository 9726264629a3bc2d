"""An empty file."""
# covers: no notebook
# %% instead
path.write_bytes(b"")
