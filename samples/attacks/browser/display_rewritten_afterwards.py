"""A cell shows something harmless, and a later one rewrites it: the page keeps the last."""
# covers: scripts, patched display
# honest: exercise2
# %% first
from IPython.display import HTML, Markdown, display

display(HTML("Hello"), display_id="shown")
display(Markdown("Hello"), display_id="told")
# %% last
from IPython.display import update_display

update_display(HTML("<script>document.title='owned-by-a-student'</script>"), display_id="shown")
update_display(Markdown("[x](javascript:document.title='owned-by-a-student')"), display_id="told")
