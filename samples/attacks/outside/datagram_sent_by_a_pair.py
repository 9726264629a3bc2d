"""A pair of datagram sockets needs no `socket`, and one of them sends to any path."""
# covers: network
# honest: exercise2
# %% first
import socket

try:
    pair = socket.socketpair(type=socket.SOCK_DGRAM)
    pair[0].sendto(b"here I am", "@CANARY@/datagrams")
except OSError as error:
    print(error)
