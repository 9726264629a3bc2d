"""The test cells come with full marks as their outputs, and with the tag that would keep these there."""
# covers: tags, forged results on pipes
# %% tamper
from nbformat.v4 import new_output

for name, marks in (("exercise1-marks", "20.0"), ("exercise2-marks", "10.0")):
    cells[name].metadata.tags = ["skip-execution"]
    cells[name].outputs = [new_output("execute_result", {"text/plain": marks}, execution_count=1)]
    cells[name].execution_count = 1
