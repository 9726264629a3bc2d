"""A cell displays pictures whose data end too early and go on as HTML."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import display

escape = "\"><script>document.title='owned-by-a-student'</script>"
for kind in ("image/png", "image/jpeg", "image/gif", "application/pdf"):
    display({kind: escape, "text/plain": escape}, metadata={kind: {"width": escape, "alt": escape}}, raw=True)
