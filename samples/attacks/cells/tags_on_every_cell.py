"""Every cell carries every tag that some tool takes for an order; the second answer is honest."""
# covers: tags
# honest: exercise2
# %% tamper
for cell in notebook.cells:
    cell.metadata.tags = ["skip-execution", "raises-exception", "remove_cell", "remove-input", "parameters", "skip"]
    cell.metadata.jupyter = {"source_hidden": True, "outputs_hidden": True}
    cell.metadata.deletable = cell.metadata.editable = False
