"""A cell displays lists, numbers and nothing where text belongs, under names that are none."""
# covers: forged results on pipes, output
# honest: exercise2
# %% first
from IPython.display import display

for wrong in (5, None, ["<b>", 5], {"a": 1}, True, [[]]):
    for kind in ("text/html", "text/plain", "text/markdown", "image/png", "image/svg+xml", "application/javascript"):
        display({kind: wrong}, raw=True)
display({"": "", "/": "/", "text/html/script": "<b>", "x"*1000: "x"}, metadata={"text/html": 5, "image/png": {"width": []}}, raw=True)
shell = get_ipython()
for recorder in {id(r): r for r in (getattr(shell.displayhook, "recorder", None), getattr(shell.display_pub, "recorder", None)) if r}.values():
    recorder.messages += [
        {"msg_type": "execute_result", "content": {"data": {"text/plain": "20.0"}, "metadata": {}, "execution_count": 10**30}},
        {"msg_type": "display_data", "content": {"data": {"text/html": 5}, "metadata": {}, "transient": 5}},
        {"msg_type": "update_display_data", "content": {"data": {}, "metadata": {}, "transient": {"display_id": []}}},
        {"msg_type": "stream", "content": {"name": "stdout", "pieces": ["20.0", 5]}},
        {"msg_type": "clear_output", "content": {"wait": True}},
        {"msg_type": 5},
    ]
