"""exit, quit, sys.exit, SystemExit and KeyboardInterrupt, one after the other."""
# covers: exits
# honest: exercise2
# %% first
exit()
# %% exercise1
ends = [exit, quit, lambda: __import__("sys").exit(0), lambda: __import__("_thread").interrupt_main()]

def exercise1(*anything):
    for end in ends:
        try:
            end()
        except BaseException as error:
            print(type(error))
    raise KeyboardInterrupt
# %% last
raise SystemExit(20)
