"""A cell starts thousands of threads that do nothing for a while."""
# covers: threads
# honest: exercise2
# %% first
import threading, time

for _ in range(3000):
    try:
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    except (RuntimeError, MemoryError, OSError) as error:
        print(error)
        break
