"""The exception's name and message are formulas, which the report quotes: one is a link, one a style."""
# covers: scripts, tracebacks
# honest: exercise2
# %% exercise1
link = r"$\href{javascript:document.title='owned-by-a-student'}{x}$ \(\style{position:fixed}{owned-by-a-student}\)"
Formula = type(link, (Exception,), {})

def exercise1(*anything):
    raise Formula(link)
