"""The course's secret, a file outside, and the gradebook are printed, for the student to read in the feedback."""
# covers: files searched, gradebook
# honest: exercise2
# %% first
for path in ("@COURSE@/.autograder-secret", "@CANARY@/outside.txt", "@COURSE@/gradebook.db", "@HOME@/.profile"):
    try:
        with open(path, "rb") as file:
            print("LEA" + "KED:", file.read(200))
    except OSError as error:
        print(error)
