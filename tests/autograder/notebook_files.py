"""Notebook files for tests of how they are read."""

import json

import nbformat
import pytest

from autograder.submissions.notebook import UnreadableNotebook, read


def held(path, content):
    """The file, holding these bytes, this text, or this JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def written(path, *cells):
    """The file, holding a valid notebook of code cells, or of cells that are whole already."""
    nodes = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=nodes), path)
    return path


def v4(*cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more


def code(source, **metadata):
    own = {"source": source, "metadata": metadata}
    return {"cell_type": "code", "outputs": [], "execution_count": None, **own}


def refused(path):
    with pytest.raises(UnreadableNotebook) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert str(path) not in sentence
    return sentence


def read_or_refused(path):
    """The cells, or nothing where a sentence says why there are none."""
    try:
        return read(path)
    except UnreadableNotebook:
        refused(path)
        return None
