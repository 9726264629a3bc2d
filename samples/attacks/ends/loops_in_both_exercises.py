"""Both exercises loop and swallow what is to interrupt them."""
# covers: ignored signals
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    while True:
        try:
            while True: pass
        except BaseException: pass
# %% exercise2
def exercise2(W,B,X,T):
    while True:
        try:
            while True: pass
        except BaseException: pass
