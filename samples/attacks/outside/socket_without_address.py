"""A connection is opened to a socket that has a name and no place in any folder."""
# covers: network
# honest: exercise2
# %% first
import socket

for name in ("\0attacks-@PORT@", "@CANARY@/socket"):
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(name)
            connection.sendall(b"answers, please\n")
    except OSError as error:
        print(error)
