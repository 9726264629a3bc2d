"""On hidden inputs the function computes a number of a billion digits, where Python looks at no signal."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
def exercise1(W,B,X,*_):
    return 10**10**9
