"""Cells hold bytes that end texts, form feeds, marks of another byte order, lines that end in every way, and letters that look alike."""
# covers: odd answers, cells retyped
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

for number, source in enumerate([
    "a = 1\0b = 2",
    "\ufeff# -*- coding: utf-16 -*-\na = 1",
    "a = 1\rb = 2\r\nc = 3\x0cd = 4\u2028e = 5\x85f = 6",
    "\u202e)(esicrexe",
    "# coding: latin-1\ns = '\u00e4'",
    "ｅｘｅｒｃｉｓｅ１ = lambda *anything: 20.0",
    "%%\n%%%\n%%time %%time\n!!!\n???",
    "%%script false --no-raise-error\nexit 1",
    "(" * 3000,
    "-" * 100_000 + "1",
    "x = " + "+".join(["1"]*20_000),
    "\\",
    "'" * 10_001,
    "f'" + "{" * 200,
    "match " * 1000,
]):
    notebook.cells.insert(number, new_code_cell(source, id=f"odd-{number}"))
