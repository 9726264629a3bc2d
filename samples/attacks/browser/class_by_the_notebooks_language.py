"""The notebook's language is a list of classes, which stand at every cell of the page."""
# covers: scripts
# honest: exercise2
# %% tamper
notebook.metadata.language_info = {"name": "python navbar-fixed-top owned-by-a-student"}
