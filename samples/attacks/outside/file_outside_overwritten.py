"""A file that belongs to nobody here is written to."""
# covers: files searched
# honest: exercise2
# %% first
for path in ("@CANARY@/outside.txt", "@CANARY@/new.txt"):
    try:
        with open(path, "a") as file:
            file.write("a student was here")
    except OSError as error:
        print(error)
