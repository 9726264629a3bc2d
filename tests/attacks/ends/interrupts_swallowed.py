"""The function catches whatever would interrupt it and goes on for ever."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
def exercise1(*anything):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
