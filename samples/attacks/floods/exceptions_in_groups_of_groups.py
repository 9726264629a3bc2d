"""Exceptions are nested in each other ten thousand deep, with notes without number, and go round in circles."""
# covers: tracebacks
# honest: exercise2
# %% first
error = ValueError("x")
for _ in range(10_000):
    error = ExceptionGroup("y", [error])
raise error
# %% exercise1
class Noted(Exception):
    @property
    def __notes__(self): return iter(lambda: "forged-by-a-student", None)

def exercise1(*anything):
    first, second = Noted("a"), Noted("b")
    first.__cause__, second.__cause__ = second, first
    first.__context__, second.__context__ = second, first
    raise ExceptionGroup("circle", [first, second, ExceptionGroup("inner", [first]*1000)])
# %% last
error = ValueError("note")
for _ in range(100_000):
    error.add_note("a note\n"*10)
raise error
