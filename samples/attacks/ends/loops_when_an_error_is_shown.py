"""Whoever shows an error of this notebook's is busy with it for ever."""
# covers: patched hooks, tracebacks
# honest: exercise2
# %% exercise1
def forever(*_, **__):
    while True:
        pass

get_ipython().set_custom_exc((Exception,), forever)

def exercise1(*_):
    return 1/0
