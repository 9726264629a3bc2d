"""A child keeps the gradebook locked for twenty seconds, so that nobody can enter marks."""
# covers: gradebook, daemons
# honest: exercise2
# %% first
import os, sqlite3, time

if os.fork() == 0:
    try:
        os.setsid()
        book = sqlite3.connect("file:@COURSE@/gradebook.db?mode=rw", uri=True, timeout=1, isolation_level=None)
        book.execute("BEGIN EXCLUSIVE")
        time.sleep(20)
    finally:
        os._exit(0)
