"""`autograder lint`: what is wrong with an assignment, each in one sentence with its file and line.

subject, running           the assignment to look at: its files, its notebook's cells when they are run
cells, marks, truth,       the checks, one idea each
answers, mistakes
checks                     all of them, in order
"""
