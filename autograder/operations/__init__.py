"""Define the operations that forward passes are made of: what each computes, and how a sheet writes it.

The wrong derivatives that students write are kept separately, in `autograder.derivatives`.
"""
