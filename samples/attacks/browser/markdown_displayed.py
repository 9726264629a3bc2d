"""A cell displays Markdown and LaTeX with scripts and links in them."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import Latex, Markdown, display

display(Markdown("Hello <script>document.title = 'owned-by-a-student'</script>"))
display(Markdown("[My answer](javascript:document.title='owned-by-a-student')"))
display(Markdown("<img src=nowhere.png onerror=document.title='owned-by-a-student'>"))
display(Latex(r"$\href{javascript:document.title='owned-by-a-student'}{x}$ <img src=x onerror=document.title='owned-by-a-student'>"))
