"""Cells and functions ask the instructor for input, in every way there is, and wait."""
# covers: input()
# honest: exercise2
# %% first
input("Full marks? ")
# %% exercise1
import getpass, sys

def exercise1(*anything):
    for ask in (input, sys.stdin.read, getpass.getpass, lambda: open("/dev/tty").read(), breakpoint):
        try:
            ask()
        except BaseException as error:
            print(type(error))
    return None
