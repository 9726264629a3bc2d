"""A frame announces more bytes than there are in the world, and another one never ends, on hidden inputs."""
# covers: forged results on pipes, memory
# honest: exercise2
# %% exercise1
import os, struct, time

def exercise1(W,B,X,*anything):
    if len(X) == 64:
        return None
    for prefix in (struct.pack(">QQ", 4_000_000, 16_000_000), struct.pack(">QQ", 2**63, 2**63), b"\xff" * 64):
        for descriptor in range(3, 200):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, prefix + b"[" * 60_000)
            except OSError:
                pass
    return None
