"""The test cells are tagged as if they were meant to raise, and the answers raise."""
# covers: tags
# %% exercise1
def exercise1(*anything):
    raise AssertionError("all is well")
# %% exercise2
def exercise2(*anything):
    raise AssertionError("all is well")
# %% tamper
for name in ("exercise1-marks", "exercise2-marks"):
    cells[name].metadata.tags = ["raises-exception", "skip-execution", "nbgrader-full-marks"]
