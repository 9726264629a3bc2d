"""Cells of nbgrader's have numbers, lists and paths for names, and schema versions of the future."""
# covers: cells retyped
# honest: exercise1, exercise2
# %% tamper
for n, name in enumerate([1, ["x"], {"a": 1}, None, True, "../../../etc", "a/b", "x"*10_000, "\x1b[2J", "<script>document.title='owned-by-a-student'</script>"]):
    notebook.cells.append({"cell_type": "code", "id": f"odd{n}", "metadata": {"nbgrader": {"grade_id": name, "grade": True, "points": 5, "solution": True, "locked": False, "schema_version": 99, "task": False}}, "source": "1", "outputs": [], "execution_count": None})
