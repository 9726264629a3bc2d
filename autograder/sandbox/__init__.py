"""Where a submission runs: a process of its own, told what to do over pipes.

`frames` is what crosses, `worker` runs the student's cells and functions, `host` keeps the deadline.
The process boundary stands; the box around it (namespaces, Landlock, seccomp, limits) does not yet, and
`SANDBOXED` says so to everyone who reports marks.
"""

SANDBOXED = False
