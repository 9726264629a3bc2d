"""The function raises with a message of fifty megabytes, at the end of a chain of five thousand exceptions."""
# covers: tracebacks
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    error = None
    for number in range(5000):
        following = ValueError(number)
        following.__context__ = error
        error = following
    last = ExceptionGroup("x"*5*10**7, [ValueError("y"*10**6)]*50)
    last.__cause__ = error
    raise last

exercise1()
