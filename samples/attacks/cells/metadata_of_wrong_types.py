"""What nbgrader wrote into the cells is replaced by lists, numbers and nests of nothing."""
# covers: cells retyped
# honest: exercise2
# %% tamper
cells["exercise1"].metadata.nbgrader = []
cells["exercise1-marks"].metadata.nbgrader = {"grade": "yes", "grade_id": ["exercise1-marks"], "points": {}}
cells["exercise2-marks"].metadata = "20.0"
notebook.metadata = {"kernelspec": 5, "language_info": []}
