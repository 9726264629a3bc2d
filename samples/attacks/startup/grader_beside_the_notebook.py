"""A package named like the grader lies beside the notebook, and gives full marks."""
# covers: shadowed modules
# %% file autograder/__init__.py
# %% file autograder/nbgrader_bridge/__init__.py
# %% file autograder/nbgrader_bridge/hidden_test.py
def marks(assignment, exercise, names):
    return 20.0 if exercise == "exercise1" else 10.0
# %% file autograder/sandbox/__init__.py
raise SystemExit(0)
# %% file autograder/calling/function_call.py
raise SystemExit(0)
