"""The type of an exception in a cell, and in the answer, has signs in its name that steer a terminal."""
# covers: output, tracebacks
# honest: exercise2
# %% exercise1
Steering = type("\x1b]0;owned-by-a-student\x07\u202eError", (Exception,), {})

def exercise1(*_):
    raise Steering("\x1b[2J\x9b31m\u2066\u200f \r full marks by hand")
# %% last
raise Steering("\x1b[3J\x1b[H")
