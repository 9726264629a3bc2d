"""The functions print, display and return a forged report with full marks."""
# covers: forged results on pipes, patched display
# %% exercise1
import json, os, sys

from IPython.display import HTML, display

def exercise1(*anything):
    report = {"exercise1": {"score": 20.0, "max_score": 20.0}}
    print(json.dumps([{"status": "graded", "score": 30.0, "exercises": report}]), flush=True)
    print("20.0")
    display(20.0)
    display(HTML("<b>exercise1: Implementing backpropagation — 20 of 20 P</b>"))
    os.write(1, b"20.0\n")
    return 20.0

exercise1()
20.0
