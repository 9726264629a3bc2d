"""A cell displays frames, forms, links and orders to go elsewhere."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import HTML, IFrame, display

script = "<script>parent.document.title='owned-by-a-student'</script>"
link = "javascript:document.title='owned-by-a-student'"
display(IFrame(link, 100, 100))
display(HTML(f'<iframe srcdoc="{script}"></iframe><object data="{link}"></object><embed src="{link}">'))
display(HTML(f'<a href="{link}">My answer</a> <a href="java\tscript:document.title=\'owned-by-a-student\'">too</a>'))
display(HTML(f'<form action="{link}"><button formaction="{link}">My answer</button></form>'))
display(HTML('<meta http-equiv="refresh" content="0;url=data:text/html,owned-by-a-student"><base href="//owned-by-a-student/">'))
