"""The answer to the easier exercise has the name of the other, and locked cells are unlocked, edited and emptied."""
# covers: cells reordered, cells retyped
# honest: exercise2
# %% tamper
one, two = cells["exercise1"], cells["exercise2"]
one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = "exercise2", "exercise1"
one.id, two.id = two.id, one.id
for name, cell in cells.items():
    if cell.metadata.nbgrader.get("locked"):
        cell.metadata.nbgrader.locked = False
        cell.metadata.nbgrader.checksum = ""
        cell.source = "def exercise1(*anything):\n    return 20.0"
