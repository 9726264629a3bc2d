"""Every call starts a program that sleeps for minutes, and answers with its number."""
# covers: daemons
# honest: exercise2
# %% exercise1
import subprocess

started = []

def exercise1(*anything):
    while len(started) < 4:
        started.append(subprocess.Popen(["sleep", "300.125"], start_new_session=True, close_fds=False))
    return [program.pid for program in started]
