"""The two test cells have exchanged their names, so that ten points of honest work might count for twenty."""
# covers: cells reordered, inflated points
# honest: exercise2
# %% tamper
one, two = cells["exercise1-marks"], cells["exercise2-marks"]
one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = "exercise2-marks", "exercise1-marks"
