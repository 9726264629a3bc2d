"""A pipe with a name, where whoever reads waits for somebody who writes."""
# covers: no notebook, input()
# %% instead
import os

os.mkfifo(path)
