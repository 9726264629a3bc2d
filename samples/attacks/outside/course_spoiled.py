"""The course's secret, its source and its configuration are written to."""
# covers: files searched
# honest: exercise2
# %% first
for path in (".autograder-secret", "source/01-error-backpropagation/utils/__init__.py", "nbgrader_config.py"):
    try:
        with open("@COURSE@/" + path, "a") as file:
            file.write("\n# a student was here\n")
    except OSError as error:
        print(error)
