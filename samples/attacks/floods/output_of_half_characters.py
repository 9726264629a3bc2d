"""Cells print, display and raise halves of characters, which no file can hold."""
# covers: output, tracebacks
# honest: exercise2
# %% first
import sys

from IPython.display import display

print("half \ud800 and half \udfff")
print("half \ud800", file=sys.stderr)
display({"text/plain": "\ud800", "text/html": "<p>\udc00</p>", "half \ud800": "\ud800"}, raw=True)
display("\ud800", metadata={"\ud800": "\ud800"})
# %% exercise1
def exercise1(*anything):
    raise ValueError("half \ud800")

exercise1.__name__ = "half \ud800"
exercise1()
