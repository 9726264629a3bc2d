"""The test cells are text, which is not run."""
# covers: cells retyped
# honest: exercise2
# %% tamper
for name, kind in (("exercise1-marks", "markdown"), ("exercise2-marks", "raw")):
    cells[name].cell_type = kind
    del cells[name]["outputs"], cells[name]["execution_count"]
