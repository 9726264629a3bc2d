"""The commands of `autograder` that have a module each: arguments in, exit status out."""
