"""Three hundred cells loop, and none can be interrupted."""
# covers: ignored signals
# %% tamper
import nbformat

for number in range(300):
    loop = f"while True:\n    try:\n        while {number} >= 0: pass\n    except BaseException: pass"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(loop, id=f"loop-{number}"))
