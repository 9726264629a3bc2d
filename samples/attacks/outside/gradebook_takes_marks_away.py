"""Everybody else's marks are set to zero."""
# covers: gradebook, neighbours
# honest: exercise2
# %% first
import sqlite3

try:
    book = sqlite3.connect("@COURSE@/gradebook.db", timeout=1)
    book.execute("UPDATE grade SET manual_score = 0, auto_score = 0")
    book.commit()
except sqlite3.Error as error:
    print(error)
