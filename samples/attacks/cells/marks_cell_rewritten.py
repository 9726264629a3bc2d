"""The test cells are unlocked, and their source gives full marks."""
# covers: inflated points
# %% tamper
for name, marks in (("exercise1-marks", "20.0"), ("exercise2-marks", "10.0")):
    cells[name].source = marks
    cells[name].metadata.nbgrader.locked = False
    cells[name].metadata.nbgrader.checksum = "0" * 32
