"""The answer's own cell is locked and worth twenty points, and its last line gives them."""
# covers: cells retyped, inflated points
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    return 20.0

20.0
# %% tamper
cells["exercise1"].metadata.nbgrader.update(grade=True, solution=False, locked=True, points=20)
