"""A cell displays what is JavaScript by its type, in every way that IPython has."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import Javascript, display

display(Javascript("document.title = 'owned-by-a-student'"))
display({"application/javascript": "document.title = 'owned-by-a-student'", "text/plain": "Hello"}, raw=True)
get_ipython().run_cell_magic("javascript", "", "document.title = 'owned-by-a-student'")
get_ipython().run_cell_magic("html", "", "<script>document.title = 'owned-by-a-student'</script>")
