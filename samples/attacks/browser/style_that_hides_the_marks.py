"""A cell displays styles that hide the report and show another one in its place."""
# covers: scripts, patched display
# honest: exercise2
# %% first
from IPython.display import HTML, display

display(HTML("<style>@import 'http://127.0.0.1:@PORT@/owned-by-a-student.css'; .nbgrader_cell {display: none}</style>"))
display(HTML("<link rel=stylesheet href='http://127.0.0.1:@PORT@/owned-by-a-student.css'>"))
display(HTML("</div></div></div><div style='position:fixed; inset:0; background:white'>30 of 30 P</div>"))
