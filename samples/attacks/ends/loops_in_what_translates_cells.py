"""What translates each cell before it runs never ends, and swallows what is to end it."""
# covers: patched IPython transformers, ignored signals
# %% first
def forever(lines):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

get_ipython().input_transformers_post.append(forever)
