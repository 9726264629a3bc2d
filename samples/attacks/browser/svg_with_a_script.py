"""A cell displays pictures in SVG with a script and with handlers in them."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import SVG, display

picture = """<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='owned-by-a-student'">
<script>document.title = 'owned-by-a-student'</script>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="nowhere.png" onerror="document.title='owned-by-a-student'"/></body></foreignObject>
<a href="javascript:document.title='owned-by-a-student'"><text y="20">Hello</text></a>
<animate attributeName="x" onbegin="document.title='owned-by-a-student'"/></svg>"""
display(SVG(data=picture))
display({"image/svg+xml": picture, "text/plain": "Hello"}, raw=True)
