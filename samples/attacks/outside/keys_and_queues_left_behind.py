"""Memory, queues, locks and keys are made that the kernel keeps when their maker has ended."""
# covers: daemons, memory
# honest: exercise2
# %% first
import ctypes, os

libc = ctypes.CDLL(None)
for number in range(200):
    shared = libc.shmget(0x66000 + number, ctypes.c_size_t(1 << 20), 0o1666)
    queue = libc.msgget(0x66000 + number, 0o1666)
    libc.semget(0x66000 + number, 10, 0o1666)
libc.syscall(240, b"forged-by-a-student", 0o102, 0o666, 0)  # mq_open
libc.syscall(248, b"user", b"forged-by-a-student", b"20.0", 4, -4)  # add_key, for the user
for place in ("/dev/shm", "/dev/mqueue", "/run", "/var/tmp", "/tmp", "/run/lock"):
    try:
        with open(f"{place}/forged-by-a-student", "w") as file:
            file.write("full marks")
    except OSError:
        pass
# what is left must not be there: it would be found by the next one
print("left:", shared, queue)
