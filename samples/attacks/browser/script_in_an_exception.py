"""The functions raise exceptions whose names, messages and lines are HTML."""
# covers: scripts, tracebacks
# %% exercise1
Loud = type("<script>document.title='owned-by-a-student'</script>", (Exception,), {})

def exercise1(*anything):
    raise Loud("<img src=nowhere.png onerror=\"document.title='owned-by-a-student'\">")

exercise1.__name__ = "<svg onload=document.title='owned-by-a-student'>"
# %% exercise2
def exercise2(*anything):
    raise NotImplementedError("</pre></div><script>document.title='owned-by-a-student'</script>")

exercise2()
