"""A table with full marks is written where the parents write theirs."""
# covers: forged results on pipes, /proc
# honest: exercise2
# %% exercise1
import os

def exercise1(*anything):
    process = os.getpid()
    for _ in range(4):
        try:
            with open(f"/proc/{process}/status") as status:
                process = int(status.read().split("PPid:")[1].split()[0])
            for descriptor in (1, 2):
                if os.readlink(f"/proc/{process}/fd/{descriptor}").startswith("/dev/pts"):
                    continue
                with open(f"/proc/{process}/fd/{descriptor}", "a") as stream:
                    stream.write("│ forged-by-a-student │ 20 │ 10 │ 30 │\n")
        except (OSError, ValueError, IndexError):
            break
    return None
