"""The notebook's title, its language and the tags of its cells are HTML."""
# covers: scripts, tags
# honest: exercise2
# %% tamper
escape = "\"></title><script>document.title='owned-by-a-student'</script>"
notebook.metadata.title = escape
notebook.metadata.authors = [{"name": escape}]
notebook.metadata.language_info = {"name": escape, "pygments_lexer": escape, "codemirror_mode": escape}
notebook.metadata.kernelspec.language = escape
for cell in notebook.cells:
    cell.metadata.tags = [escape]
    cell.metadata.name = escape
