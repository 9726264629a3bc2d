"""A cell takes its gigabyte where a process's own limit does not see it: children, and files without names."""
# covers: memory, forks
# honest: exercise2
# %% first
import os, time

for number in range(6):
    try:
        if os.fork() == 0:
            hoard = bytearray(b"x")*2**27
            file = os.memfd_create("hoard")
            os.write(file, hoard[:2**25])
            time.sleep(10)
            os._exit(0)
    except OSError as error:
        print(error)
        break
time.sleep(1)
