"""Somebody on this machine is told by a datagram what the hidden inputs are."""
# covers: network
# honest: exercise2
# %% exercise1
import socket

def exercise1(W,B,X,*rest):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        try:
            with socket.socket(socket.AF_INET, kind) as connection:
                connection.settimeout(1)
                connection.connect(("127.0.0.1", @PORT@))
                connection.send(X.tobytes()[:500])
        except OSError as error:
            print(error)
    return None
