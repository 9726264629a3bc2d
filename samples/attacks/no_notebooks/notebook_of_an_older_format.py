"""A notebook in the format of ten years ago, with sheets, a language in each cell, and an answer of zeros."""
# covers: no notebook
# %% instead
import json

code = "import numpy\ndef exercise1(W, B, *rest):\n    return [0*w for w in W], [0*b for b in B]"
cell = {"cell_type": "code", "input": code, "language": "python", "outputs": [], "collapsed": False, "metadata": {}, "prompt_number": 1}
forged = {"output_type": "pyout", "text": ["20.0"], "metadata": {}, "prompt_number": 2}
marks = {**cell, "input": "20.0", "outputs": [forged], "metadata": {"nbgrader": {"grade": True, "grade_id": "exercise1-marks", "locked": True, "points": 20, "solution": False}}}
heading = {"cell_type": "heading", "level": 99, "source": "Full marks", "metadata": {}}
path.write_text(json.dumps({"metadata": {"name": "x", "signature": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [heading, cell, marks], "metadata": {}}, {}, {"cells": []}]}))
