"""The exercises are worth more points than a float can hold."""
# covers: inflated points
# honest: exercise1, exercise2
# %% tamper
cells["exercise1-marks"].metadata.nbgrader.points = 10**400
cells["exercise2-marks"].metadata.nbgrader.points = -10**4000
