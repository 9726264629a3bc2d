"""Descriptors are put into messages that nobody takes, where no limit counts them."""
# covers: files filled
# honest: exercise2
# %% first
import socket

pair = socket.socketpair()
try:
    for _ in range(200):
        socket.send_fds(pair[0], [b"x"], [0] * 50)
    print("went through")
except OSError as error:
    print(error)
