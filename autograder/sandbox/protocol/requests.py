"""Name what a grader may ask the fork server for, and where it listens.

A request is a few words and a descriptor: a worker's limits as JSON with the socket that it is to serve, or
one of the words below.
"""

from __future__ import annotations

LARGEST = 1 << 16  # bytes of a request
PRECOMPILE = b"precompile"
"""Asks the fork server to warm up and to compile the cells in the file behind the descriptor."""
PING = b"ping"
"""Asks for an answer, the same word. A process that was killed gives none, however long it takes to end."""
NOT_RUN = "Not run while grading: "
"""Precedes, in a cell's output, a line that would start another program."""
SOCKET = "fork.socket"
PRIVATE = "private"
"""In a fork server's folder: its listening socket, and the folder with its submissions' private disk."""
