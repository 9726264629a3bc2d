"""Time stands still, runs backwards and is no number, in every module that tells it."""
# covers: patched hooks, threads
# honest: exercise2
# %% first
import asyncio, random, time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "time_ns", "monotonic_ns", "perf_counter_ns"):
    setattr(time, name, lambda name=name: float("nan") if random.random() < 0.5 else -1)
time.sleep = lambda seconds: None
