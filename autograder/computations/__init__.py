"""Define the wrong computations that students write in an operation's place, each with its name.

Wrong derivatives are in `autograder.derivatives`; here it is the forward pass itself that is wrong.
"""
