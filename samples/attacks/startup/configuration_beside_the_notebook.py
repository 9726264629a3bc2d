"""Configuration of IPython, Jupyter and nbgrader lies beside the notebook."""
# covers: startup files
# honest: exercise2
# %% file ipython_config.py
open("@CANARY@/outside.txt", "a").write("ipython_config was here")
c.InteractiveShellApp.exec_lines = ["full_marks = True"]
# %% file ipython_kernel_config.py
open("@CANARY@/outside.txt", "a").write("ipython_kernel_config was here")
# %% file jupyter_config.py
open("@CANARY@/outside.txt", "a").write("jupyter_config was here")
# %% file nbgrader_config.py
open("@CANARY@/outside.txt", "a").write("nbgrader_config was here")
c.ClearSolutions.code_stub = {"python": "20.0"}
# %% file .autograder-secret
a secret of the student's own
