"""A cell forks as often as it can, sixty times at the most, and the children stay for a while."""
# covers: forks
# honest: exercise2
# %% first
import os, time

for _ in range(60):
    try:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
    except OSError as error:
        print(error)
        break
