"""Names of cells, checksums and kinds are halves of characters."""
# covers: cells retyped
# honest: exercise1, exercise2
# %% tamper
cells["exercise1"].metadata.nbgrader.checksum = "\ud800"
notebook.cells.append({"cell_type": "code", "id": "\udc00", "metadata": {"nbgrader": {"grade_id": "\ud83d", "grade": True, "points": 5, "solution": True, "locked": False, "schema_version": 3, "task": False}}, "source": "1\ud800", "outputs": [], "execution_count": None})
notebook.metadata["\ud800"] = "\ud800"
notebook.metadata["title"] = "\ud800"
notebook.metadata["authors"] = [{"name": "\ud800"}]
notebook.metadata["kernelspec"] = {"name": "\ud800", "display_name": "\udc00"}
