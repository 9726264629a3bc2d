"""The test cells stand before everything else, so that nothing is there yet that could be wrong."""
# covers: cells reordered
# %% exercise1
def exercise1(*anything):
    return 20.0
# %% tamper
moved = [cells["exercise1-marks"], cells["exercise2-marks"]]
notebook.cells = moved + [cell for cell in notebook.cells if cell not in moved]
