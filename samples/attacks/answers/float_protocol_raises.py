"""Entries that raise SystemExit and KeyboardInterrupt when they are turned into floats."""
# covers: __float__, exits
# honest: exercise2
# %% exercise1
class Entry:
    def __float__(self):
        raise SystemExit(0)
    def __array__(self, *anything, **more):
        raise KeyboardInterrupt

def exercise1(W,B,*rest):
    return [[[Entry()]*6]*4]*4, [Entry()]*4
