"""Find what is wrong with an assignment (`autograder lint`), one sentence per problem, with file and line.

subject, running           the assignment: its files, and its notebook's cells when they are run
planted                    the mistakes of an exercise, and the answers that they give
cells, marks, truth,       the checks, one idea each
answers, mistakes, naming
checks                     all of them, in order
"""
