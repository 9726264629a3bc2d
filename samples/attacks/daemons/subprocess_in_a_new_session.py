"""A cell starts a program in a session of its own, which goes on for minutes and writes outside meanwhile."""
# covers: daemons
# honest: exercise2
# %% first
import subprocess, sys

PROGRAM = """
import time
for _ in range(300):
    time.sleep(1)
    open("@CANARY@/outside.txt", "a").write("a daemon was here")
"""
quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
subprocess.Popen([sys.executable, "-c", PROGRAM, "@TOKEN@"], start_new_session=True, **quiet)
