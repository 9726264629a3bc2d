"""Large pipes use up what all processes of a user may have together."""
# covers: neighbours, memory
# honest: exercise2
# %% first
import fcntl, os

kept = []
try:
    for _ in range(60):
        kept.append(os.pipe())
        fcntl.fcntl(kept[-1][1], 1031, 1 << 20)
    print("went through")
except OSError as error:
    print(error)
