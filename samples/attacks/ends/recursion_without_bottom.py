"""The function lets Python walk down a nest of lists that is deeper than its stack, with the bound out of the way."""
# covers: exits
# honest: exercise2
# %% exercise1
import sys

def exercise1(W,B,X,*rest):
    nest = []
    for _ in range(300000*(len(X) == 1)):
        nest = [nest]
    sys.setrecursionlimit(2**31 - 1)
    return W, [repr(nest)]
