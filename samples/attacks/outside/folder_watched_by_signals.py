"""A signal is to come whenever somebody opens a library."""
# covers: neighbours
# honest: exercise2
# %% first
import fcntl, json, os, signal

signal.signal(signal.SIGIO, signal.SIG_IGN)
folder = os.open(os.path.dirname(json.__file__), os.O_RDONLY)
try:
    fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT)
    print("went through")
except OSError as error:
    print(error)
