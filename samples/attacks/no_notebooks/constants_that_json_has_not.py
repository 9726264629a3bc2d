"""A notebook with numbers that JSON does not have, keys given twice, and a source after the source."""
# covers: no notebook, inflated points
# %% instead
import json

cell = '{"cell_type": "code", "id": "exercise1", "id": "exercise1-marks", "metadata": {"nbgrader": {"grade": false, "grade": true, "grade_id": "exercise1-marks", "points": 20, "points": Infinity, "locked": true, "solution": false, "schema_version": NaN}}, "source": "0.0", "source": "20.0", "outputs": [], "execution_count": NaN, "execution_count": -Infinity}'
path.write_text('{"cells": [], "cells": [' + cell + '], "metadata": {"a": NaN, "b": -Infinity, "c": 1e999}, "nbformat": 4, "nbformat_minor": 5, "nbformat_minor": NaN}')
