"""A test cell that no instructor wrote gives a bonus of fifty points."""
# covers: inflated points, cells duplicated
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

bonus = new_code_cell("50.0", id="bonus")
bonus.metadata.nbgrader = {
    "grade": True, "grade_id": "bonus", "locked": True, "points": 50, "schema_version": 3,
    "solution": False, "task": False, "cell_type": "code", "checksum": "0" * 32,
}
notebook.cells.insert(1, bonus)
