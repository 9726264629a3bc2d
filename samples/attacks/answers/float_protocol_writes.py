"""Entries that write into a file of somebody else's when they are turned into floats."""
# covers: __float__
# honest: exercise2
# %% exercise1
class Entry:
    def __float__(self):
        open("@CANARY@/outside.txt", "a").write("a float was here")
        return 1.0
    __index__ = __int__ = lambda self: int(float(self))

def exercise1(W,B,*rest):
    return [numpy.full(w.shape, Entry()) for w in W], [Entry()]*4
