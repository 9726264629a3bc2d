"""The test cells carry a tag that tells Jupyter not to run them, and a cell without outputs earned full marks."""
# covers: tags
# %% tamper
for name in ("exercise1-marks", "exercise2-marks"):
    cells[name].metadata.tags = ["skip-execution"]
