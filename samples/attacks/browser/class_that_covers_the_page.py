"""A cell displays HTML with classes that the page has styles for: a bar at the top, with full marks in it."""
# covers: scripts, patched display
# honest: exercise2
# %% first
from IPython.display import HTML, display

display(HTML('<div class="navbar navbar-default navbar-fixed-top owned-by-a-student"><h4>Score: 30.0 / 30.0</h4></div>'))
display(HTML('<p class="modal-backdrop in owned-by-a-student" id="owned-by-a-student">Hello</p>'))
