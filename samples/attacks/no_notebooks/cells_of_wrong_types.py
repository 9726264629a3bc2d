"""JSON in the form of a notebook, with numbers, nulls and lists for cells, sources and metadata."""
# covers: no notebook
# %% instead
import json

cells = [None, 5, [], {"cell_type": "code", "source": {"a": 1}, "metadata": None, "outputs": 3}, {"source": 7}]
path.write_text(json.dumps({"cells": cells, "metadata": 5, "nbformat": "four", "nbformat_minor": [1]}))
