"""All cells have the same id and, where nbgrader knows them, the same name."""
# covers: cells duplicated
# %% tamper
for cell in notebook.cells:
    cell.id = "exercise1-marks"
    if "nbgrader" in cell.metadata:
        cell.metadata.nbgrader.grade_id = "exercise1-marks"
