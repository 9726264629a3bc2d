"""One exercise is worth less than nothing, the other is worth what is no number."""
# covers: inflated points
# honest: exercise2
# %% tamper
cells["exercise1-marks"].metadata.nbgrader.points = -1
cells["exercise2-marks"].metadata.nbgrader.points = float("nan")
