"""Text cells hold scripts in the disguises that filters overlook: signs within quotes, letters as numbers, half tags."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

code = "document.title='owned-by-a-student'"
for number, text in enumerate([
    f'<img title=">" src="nowhere.png" onerror="{code}">',
    f'Hello <b title=">" onmouseover="{code}">you</b>',
    f'<a href="jav&#x61;script:{code}">My answer</a>',
    f'<a href="&#106;avascript&colon;{code}">My answer</a>',
    f'<a href="java&Tab;script:{code}">My answer</a>',
    f'[My answer](jav&#x61;script:{code})',
    f'[My answer][1]\n\n[1]: JaVaScRiPt:{code}',
    f'![Hello](x"onerror="{code})',
    f'<img\nsrc=x\nonerror\n=\n"{code}">',
    f'<details open ontoggle\x0c="{code}">Hello</details>',
    f'<sc<script>ript>{code}</sc</script>ript>',
    f'<image src=x onerror="{code}">',
    f'`` <script>{code}</script> `',
    f'```\n```<script>{code}</script>',
    f'$x$ <img title=">" src=x onerror="{code}"> $\\unicode{{x}}$',
]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
