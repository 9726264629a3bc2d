"""Files named like modules of the standard library, and of Jupyter, lie beside the notebook."""
# covers: shadowed modules
# honest: exercise2
# %% exercise1
import json, random, socket, statistics, struct, uuid, wave

def exercise1(W,B,*rest):
    return random.marks, [b*0+1 for b in B]
# %% file json.py
raise SystemExit(0)
# %% file struct.py
raise SystemExit(0)
# %% file random.py
marks = 20.0
# %% file statistics.py
raise SystemExit(0)
# %% file socket.py
raise SystemExit(0)
# %% file ipykernel_launcher.py
raise SystemExit(0)
# %% file IPython/__init__.py
raise SystemExit(0)
# %% file wave.py
import os; os._exit(0)
