"""What somebody else handed in is spoiled, so that it cannot be read any more."""
# covers: neighbours
# honest: exercise2
# %% first
for room in ("submitted", "autograded"):
    for student in ("@NEIGHBOUR@", "@LATER@"):
        try:
            with open(f"@COURSE@/{room}/{student}/01-error-backpropagation/01-error-backpropagation.ipynb", "a") as file:
                file.write("spoiled")
        except OSError as error:
            print(error)
