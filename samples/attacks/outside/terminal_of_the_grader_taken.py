"""The terminal is opened, typed into, made raw, and its foreground is taken."""
# covers: input(), output, signals to parents
# honest: exercise2
# %% first
import fcntl, os, termios

def tried(function, *arguments):
    try:
        return function(*arguments)
    except (OSError, termios.error, ValueError):
        return None

places = [0, 1, 2]
for place in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1", "/dev/ptmx", "/proc/self/fd/0"):
    opened = tried(os.open, place, os.O_RDWR | os.O_NOCTTY)
    if opened is not None:
        places.append(opened)
for place in places:
    for letter in b"exit\n":
        tried(fcntl.ioctl, place, termios.TIOCSTI, bytes([letter]))
    tried(fcntl.ioctl, place, termios.TIOCSCTTY, 1)
    tried(os.tcsetpgrp, place, os.getpgrp())
    tried(termios.tcflush, place, termios.TCIOFLUSH)
    tried(termios.tcsendbreak, place, 0)
tried(os.setsid)
