"""The function's text is nested so deep that whoever compares it with others', part by part, runs out of stack."""
# covers: odd answers, tracebacks
# honest: exercise2
# %% exercise1
exercise1 = None
# %% tamper
cells["exercise1"].source = (
    "def exercise1(W,B,*rest):\n    one = " + "-"*60 + "1\n    two = [" + "1+"*900 + "1]\n"
    "    return [w*0+1 for w in W], [b*0+1 for b in B]"
)
