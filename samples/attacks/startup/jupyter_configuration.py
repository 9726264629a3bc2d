"""Jupyter's and nbgrader's own configuration in the instructor's home is replaced."""
# covers: startup files
# honest: exercise2
# %% first
import os

for place in (".jupyter/nbgrader_config.py", ".jupyter/jupyter_config.py", ".config/jupyter/nbgrader_config.json"):
    path = os.path.join("@HOME@", place)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("# full marks\n")
    except OSError as error:
        print(error)
