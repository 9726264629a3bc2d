"""The file that says when a notebook was handed in says something else."""
# covers: no notebook
# honest: exercise2
# %% file timestamp.txt
99999-99-99 25:61:61.000 Full/Marks 20.0
