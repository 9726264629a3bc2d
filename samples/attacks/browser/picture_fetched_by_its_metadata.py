"""A picture's metadata name a file of its own somewhere else, which tells the student who has looked."""
# covers: scripts, network
# honest: exercise2
# %% first
from IPython.display import display

place = "http://127.0.0.1:@PORT@/owned-by-a-student.png"
display({"image/png": "iVBORw0KGgo="}, metadata={"filenames": {"image/png": place}}, raw=True)
