"""The kernel's lists of mounts, of open files, of locks and of processes are read for the course's place and neighbours' names."""
# covers: /proc, neighbours
# honest: exercise2
# %% first
import glob, os

text = ""
for name in ("mountinfo", "mounts", "maps", "cgroup", "environ", "cmdline", "stack", "net/unix", "../locks", "../mounts", "../1/environ", "../1/cmdline", "../1/maps", "../keys", "../key-users"):
    try:
        text += open(f"/proc/self/{name}", errors="replace").read()
    except OSError:
        pass
for link in glob.glob("/proc/*/fd/*") + glob.glob("/proc/*/cwd") + glob.glob("/proc/*/root"):
    try:
        text += os.readlink(link)
    except OSError:
        pass
names = [word for word in ("@NEIGHBOUR@/", "@LATER@/", ".autograder-secret", "gradebook.db", "SECRET_OF_THE_" + "INSTRUCTOR") if word in text]
print("LEAK" + "ED: " + " ".join(names) if names else "nothing found")
