"""The test cells are gone; one answer is honest."""
# covers: cells deleted
# honest: exercise2
# %% tamper
notebook.cells = [cell for cell in notebook.cells if cell is not cells["exercise1-marks"]]
notebook.cells = [cell for cell in notebook.cells if cell is not cells["exercise2-marks"]]
