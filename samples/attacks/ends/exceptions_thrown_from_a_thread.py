"""A thread throws exceptions into the main one, whatever that is doing, a hundred times a second."""
# covers: threads, exits
# %% exercise1
import ctypes, threading, time

MAIN = ctypes.c_ulong(threading.main_thread().ident)

def throw():
    while True:
        time.sleep(0.01)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(MAIN, ctypes.py_object(SystemExit))

def exercise1(*anything):
    threading.Thread(target=throw, daemon=True).start()
    return [[1.0]]*4, [[1.0]]*4
