"""All cells have one id, and it is the marks cell's."""
# covers: cells duplicated
# honest: exercise1, exercise2
# %% tamper
for cell in notebook.cells:
    cell["id"] = cells["exercise1-marks"]["id"]
