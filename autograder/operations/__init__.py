"""The operations that forward passes are made of: what each computes, and how a sheet writes it.

What goes wrong in their derivatives stands apart, in `autograder.derivatives`.
"""
