"""A cell displays megabytes of HTML whose elements open and never close."""
# covers: output, scripts
# honest: exercise2
# %% first
from IPython.display import HTML, display

display(HTML("<table><b>"*150_000))
display(HTML("<p " + "a=1 "*300_000 + ">"))
