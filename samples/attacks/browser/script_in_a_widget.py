"""Widgets that no program made are stored in the notebook, with a script that ends their own."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import display

escape = "</script><script>document.title='owned-by-a-student'</script>"
display({"application/vnd.jupyter.widget-view+json": {"model_id": escape, "version_major": 2}, "text/plain": "Hello"}, raw=True)
display({"application/vnd.plotly.v1+json": {"a": escape}, "application/vnd.bokehjs_exec.v0+json": escape, "text/plain": ""}, raw=True)
# %% tamper
escape = "</script><script>document.title='owned-by-a-student'</script>"
state = {"version_major": 2, "version_minor": 0, "state": {escape: {"model_name": escape, "state": {"value": escape}}}}
notebook.metadata.widgets = {"application/vnd.jupyter.widget-state+json": state}
