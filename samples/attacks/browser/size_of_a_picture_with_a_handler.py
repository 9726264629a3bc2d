"""A picture says how wide it is, and what is to run when it has been loaded."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import display

pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
wide = "9 onload=document.title='owned-by-a-student'"
display({"image/png": pixel}, metadata={"image/png": {"width": wide, "height": wide}}, raw=True)
display({"image/png": pixel}, metadata={"width": wide}, raw=True)
