"""Outputs of every kind that page writers know: widgets, links in LaTeX, diagrams, pictures in Markdown."""
# covers: scripts
# honest: exercise1, exercise2
# %% last
from IPython.display import publish_display_data as p, display, Markdown, Latex, HTML, Math
M="owned-by-a-student"
for kind, data in {
 "application/vnd.jupyter.widget-view+json": {"model_id": f"<script>document.title='{M}'</script>", "version_major": 2, "version_minor": 0},
 "application/vnd.jupyter.widget-state+json": {"state": {f"</script><script>document.title='{M}'</script>": {}}},
 "text/latex": f"$\\href{{javascript:document.title='{M}'}}{{x}}$",
 "text/html; charset=utf-8": f"<script>document.title='{M}'</script>",
 "TEXT/HTML": f"<script>document.title='{M}'</script>",
 "text/vnd.mermaid": f"graph TD; A-->B; click A href \"javascript:document.title='{M}'\"",
 "text/markdown": f"```mermaid\nclick A href 'javascript:{M}'\n```\n<img src=x onerror=document.title='{M}'> ![x](data:image/svg+xml;base64,{M}) [x](data:text/html,{M})",
 "application/vnd.plotly.v1+json": {"data": f"<script>document.title='{M}'</script>"},
 "application/pdf": M, "image/svg+xml": f"<svg onload=document.title='{M}'/>",
 "application/javascript": f"document.title='{M}'", "text/x-python": f"<script>document.title='{M}'</script>",
 "image/png": f"'><script>document.title='{M}'</script>",
 "image/jpeg": f"' onerror=document.title='{M}' x='",
 "application/json": f"<script>document.title='{M}'</script>",
 "application/geo+json": {"a": f"</script><script>document.title='{M}'</script>"},
 "text/plain": f"<script>document.title='{M}'</script> $\\href{{javascript:{M}}}{{x}}$",
}.items():
    p({kind: data}, {kind: {"width": f"1 onload=document.title='{M}'", "unconfined": True, "needs_background": f"'><script>document.title='{M}'</script>", "alt": f"' onerror=document.title='{M}' x='"}})
display(Markdown(f"$a\\hre"), Markdown(f"f{{javascript:{M}}}{{x}}$"))
display(Markdown(f"$\\hr<b></b>ef{{javascript:{M}}}{{x}}$"))
display(Latex("$\\def\\h#1{\\csname href\\endcsname}\\h{x}{javascript:"+M+"}{x}$"))
display(Latex("$\\let\\h=\\href \\h{javascript:"+M+"}{x}$"))
display(Latex("$\\newcommand{\\a}{\\hr}\\unicode[1em,x:expression("+M+")]{x}$"))
display(Math("\\require{html}\\href{javascript:"+M+"}{x}"))
