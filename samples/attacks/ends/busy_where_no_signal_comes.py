"""On hidden inputs the function is busy in a regular expression for years, where Python looks at no signal."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
import re

def exercise1(W,B,X,*rest):
    if len(X) == 1:
        re.match("(a|a)*b", "a"*60)
    return W, B
