"""Whoever opens a library is to wait until a lease on it is given back, which it is not."""
# covers: neighbours
# honest: exercise2
# %% first
import fcntl, glob, json, os

taken = []
for path in glob.glob(os.path.dirname(json.__file__) + "/*.py")[:50]:
    try:
        file = open(path)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        taken.append(file)
    except OSError as error:
        print(error)
