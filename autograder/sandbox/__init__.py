"""Run each submission in a process of its own, isolated by Linux, and talk to it over a socket.

The trust boundary is a process boundary, and the four packages show it:

client      outside, where the grader is: starts the fork server, asks its workers, reads their replies
protocol    what crosses: frames, the channel they go over, requests, limits; imports neither side
server      inside, where students' code runs: the fork server, its workers, their interpreter
isolation   the layers between: namespaces, Landlock, seccomp, resource limits, the switch of autodiff
"""
