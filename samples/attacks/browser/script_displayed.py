"""A cell displays HTML with a script in it."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import HTML, display

display(HTML("<p>Hello</p><script>document.title = 'owned-by-a-student'</script>"))
display(HTML("<ScRiPt\n>document.title = 'owned-by-a-student'</sCrIpT \n>"))
display(HTML("<script src='data:text/javascript,document.title=%22owned-by-a-student%22'></script>"))
