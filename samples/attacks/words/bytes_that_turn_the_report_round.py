"""An exception's text and type hold marks that turn reading round, letters without width, and lines that no terminal shows."""
# covers: forged verdicts, tracebacks
# honest: exercise2
# %% exercise1
Odd = type("Fehler\u202e", (Exception,), {"__module__": "\u2066autograder"})

def exercise1(*anything):
    raise Odd("\u202e\u2067 P 02 fo 02 :1esicrexe \u200b\u2028\u0085\x0b\x0c\x1c\U000e0041 full marks by hand")
