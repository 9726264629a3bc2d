"""Name what a grader may ask the fork server for, and where it listens.

A request is a few words and a descriptor: a worker's limits as JSON with the socket that it is to serve, or
one of the words below.
"""

from __future__ import annotations

LARGEST = 1 << 16  # bytes of a request
PRECOMPILE = b"precompile"
"""Asks to compile the cells in the file behind the descriptor, because many submissions have them."""
WARM_UP = b"warm up"
"""Asks to warm up, so that the next workers run notebooks faster; the descriptor is not used."""
A_CLASS = 100
"""Submissions from which on that pays: it takes 0.9 s of processor time, and saves 8 to 13 ms for each."""
PING = b"ping"
"""Asks for an answer, the same word. A process that was killed gives none, however long it takes to end."""
NOT_RUN = "Not run while grading: "
"""Precedes, in a cell's output, a line that would start another program."""
SOCKET = "fork.socket"
PRIVATE = "private"
"""In a fork server's folder: its listening socket, and the folder with its submissions' private disk."""
