"""Where a submission runs: a process of its own in a box, told what to do over a line.

host, nursery, limits      the grader's side
frames, replies            what crosses
zygote, worker, shell      the student's side: a warm process, its forks, their shell
box                        the layers, in order: namespaces, files, syscalls, limits; kernel has their calls
autodiff, protected        PyTorch's automatic differentiation, switched off from outside
"""
