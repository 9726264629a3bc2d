"""A connection is opened to a port of this machine."""
# covers: network
# honest: exercise2
# %% first
import socket

for family, address in ((socket.AF_INET, ("127.0.0.1", @PORT@)), (socket.AF_INET, ("localhost", @PORT@))):
    try:
        with socket.socket(family) as connection:
            connection.settimeout(1)
            connection.connect(address)
            connection.sendall(b"answers, please\n")
    except OSError as error:
        print(error)
