"""`autograder lint`: what is wrong with an assignment, each in one sentence with its file and line.

subject, running           the assignment to look at: its files, its notebook's cells when they are run
planted                    the mistakes of an exercise, and the answers that they give
cells, marks, truth,       the checks, one idea each
answers, mistakes, naming
checks                     all of them, in order
"""
