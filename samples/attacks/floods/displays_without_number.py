"""A cell displays two thousand things, some of them large, and updates them over and over."""
# covers: output
# honest: exercise2
# %% first
from IPython.display import HTML, display

handle = display("first", display_id=True)
for number in range(2000):
    display(HTML(f"<p>{number}</p>"))
    handle.update("x"*10000)
