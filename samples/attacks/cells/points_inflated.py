"""The exercises are worth thousands of points, says the notebook."""
# covers: inflated points
# honest: exercise2
# %% tamper
cells["exercise1-marks"].metadata.nbgrader.points = 20000
cells["exercise2-marks"].metadata.nbgrader.points = 10000.0
