"""Beside an honest notebook lie files whose names are options, patterns, commands, lines of a terminal, and no text."""
# covers: no notebook, output
# honest: exercise2
# %% tamper
import os

place = os.fsencode(folder)
for name in (b"-rf", b"--help.ipynb", b"*.ipynb", b"$(touch forged-by-a-student)", b"`id`", b"a\nforged-by-a-student: 30", b"\xff\xfe.ipynb",
             "🎓🎓.ipynb".encode(), b"\x1b]0;forged-by-a-student\x07.ipynb", b"x"*255, b" ", b"..ipynb", b"con", b"a\\b.py", "\u202egpj.ipynb".encode(),
             b"nbgrader_config.py", b".nbgrader.log", b"gradebook.db", b"timestamp.txt.ipynb", b"__init__.py", b"conftest.py", b"pyproject.toml"):
    with open(os.path.join(place, name), "wb") as file:
        file.write(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
