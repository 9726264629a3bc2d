"""What is registered for the process's end loops, and every cell ends it."""
# covers: exits, ignored signals
# honest: exercise2
# %% tamper
import nbformat

loop = "import atexit, os\ndef endless():\n    while True: pass\natexit.register(endless); raise SystemExit"
for number in range(6):
    notebook.cells.append(nbformat.v4.new_code_cell(loop, id=f"end-{number}"))
    notebook.cells.append(nbformat.v4.new_code_cell(f"endless()  # {number}", id=f"call-{number}"))
