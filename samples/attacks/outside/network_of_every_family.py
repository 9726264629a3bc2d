"""Sockets of families that few remember are asked for: of packets, of virtual machines, of the kernel's own."""
# covers: network
# honest: exercise2
# %% first
import ctypes, socket

libc = ctypes.CDLL(None)
opened = [family for family in range(46) for kind in (1, 2, 3, 5) if libc.socket(family, kind, 0) >= 0]
opened += [family for family in range(46) for kind in (2, 5) if libc.socketpair(family, kind, 0, (ctypes.c_int*2)()) >= 0]
try:
    socket.create_connection(("127.0.0.1", @PORT@), timeout=1)
    opened.append("a connection")
except OSError:
    pass
print("LEAK" + "ED: opened" if opened else "nothing opened", opened)
