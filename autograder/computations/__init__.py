"""The wrong computations that students write in an operation's place, each with its name.

What goes wrong in derivatives stands in `autograder.derivatives`; here it is the forward pass itself.
"""
