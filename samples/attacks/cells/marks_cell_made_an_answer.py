"""The test cells say that they are answers, to be marked by hand."""
# covers: inflated points, cells retyped
# honest: exercise2
# %% tamper
for name in ("exercise1-marks", "exercise2-marks"):
    cells[name].source = "20.0"
    cells[name].metadata.nbgrader.update(solution=True, grade=True, locked=False, task=False)
