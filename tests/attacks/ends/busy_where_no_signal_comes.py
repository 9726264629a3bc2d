"""The function is busy in a regular expression that would take years, where Python looks at no signal."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
import re

def exercise1(*anything):
    re.match("(a|a)*b", "a"*60)
