"""The answers are taken from the notebook that somebody else handed in."""
# covers: neighbours
# %% exercise1
import json

sources = []
try:
    with open("@COURSE@/submitted/@NEIGHBOUR@/01-error-backpropagation/01-error-backpropagation.ipynb") as file:
        sources = ["".join(cell["source"]) for cell in json.load(file)["cells"]]
except OSError as error:
    print(error)
for source in sources:
    if source.startswith("def exercise1"):
        print("LEA" + "KED:", source)
        exec(source)
# %% exercise2
for source in sources:
    if source.startswith("def exercise2"):
        exec(source)
