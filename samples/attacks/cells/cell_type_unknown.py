"""A cell is of a type that no notebook knows."""
# covers: cells retyped
# honest: exercise2
# %% tamper
cells["exercise1-marks"].cell_type = "full marks"
notebook.cells[0].cell_type = 7
