"""A cell displays elements that run scripts when they load, fail, open, or are moved over."""
# covers: scripts
# honest: exercise2
# %% first
from IPython.display import HTML, display

code = "document.title='owned-by-a-student'"
display(HTML(f'<img src="nowhere.png" onerror="{code}">'))
display(HTML(f"<IMG SRC=nowhere.png OnError={code}>"))
display(HTML(f'<details open ontoggle="{code}">Hello</details>'))
display(HTML(f'<video><source onerror="{code}"></video><body onload="{code}">'))
display(HTML(f'<p style="position:fixed;inset:0" onmouseover="{code}">Hello</p>'))
