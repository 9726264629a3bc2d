"""What is handed in is a file, called like the folder in which the notebook should lie."""
# covers: no notebook
# %% instead
path.parent.rmdir()
path.parent.write_text("my notebook is in the mail")
