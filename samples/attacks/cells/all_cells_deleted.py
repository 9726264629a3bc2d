"""A notebook without any cell."""
# covers: cells deleted
# %% tamper
notebook.cells = []
