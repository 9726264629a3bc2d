"""nbgrader's own entries have schemas of the past, of the future and of no time, and tasks where answers were."""
# covers: cells retyped, inflated points
# honest: exercise2
# %% tamper
import copy

for name, version in (("exercise1", 1), ("exercise1-marks", 99), ("exercise2-marks", "three")):
    cells[name].metadata.nbgrader.schema_version = version
cells["exercise1"].metadata.nbgrader.update(task=True, grade=True, points=20, cell_type="markdown")
for number, points in enumerate((1e308, True, "20", [20])):
    extra = copy.deepcopy(cells["exercise1-marks"])
    extra.metadata.nbgrader.update(grade_id=f"exercise1'; DROP TABLE grade; --{number}", points=points, task=bool(number % 2), solution=False)
    extra.id = f"extra-{number}"
    notebook.cells.append(extra)
notebook.metadata.nbgrader = {"schema_version": -1}
notebook.metadata.celltoolbar = {"": None}
