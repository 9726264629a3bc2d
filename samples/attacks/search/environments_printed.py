"""Environments, command lines and open files of all processes are printed, for the student to read in the feedback."""
# covers: /proc
# honest: exercise2
# %% first
import os

for process in [name for name in os.listdir("/proc") if name.isdigit()]:
    for what in ("environ", "cmdline"):
        try:
            with open(f"/proc/{process}/{what}", "rb") as file:
                text = file.read().decode(errors="replace")
        except OSError:
            continue
        if process != str(os.getpid()) and text:
            print(text[:2000])
