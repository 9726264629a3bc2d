"""Attachments have halves of characters, paths, and HTML for their names and kinds."""
# covers: cells retyped
# honest: exercise1, exercise2
# %% tamper
notebook.cells.append({"cell_type": "markdown", "id": "a1", "metadata": {}, "source": "![a](attachment:\ud800.png) ![b](attachment:../../x.png) ![c](attachment:c.png)", "attachments": {"\ud800.png": {"image/png": "\ud800"}, "../../x.png": {"image/svg+xml": "<svg onload='document.title=`owned-by-a-student`'/>"}, "c.png": {"text/html' onload='document.title=`owned-by-a-student`": "eA==", "image/png\"><script>document.title='owned-by-a-student'</script>": "eA=="}}})
