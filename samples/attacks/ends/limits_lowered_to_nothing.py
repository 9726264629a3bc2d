"""The process takes everything away from itself: files, memory, processor time."""
# covers: memory, files filled
# %% exercise1
import resource

def exercise1(*anything):
    for what in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_STACK):
        resource.setrlimit(what, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    return [[1.0]]*4, [[1.0]]*4
