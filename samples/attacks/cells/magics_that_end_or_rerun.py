"""Magics reset all names, run the notebook within itself, load it as a module, and call for a debugger."""
# covers: patched IPython transformers, input()
# honest: exercise2
# %% last
%%capture --no-stderr ___
%reset -f
%%debug
1/0
# %% first
%pdb on
%xmode Verbose
%autocall 2
%automagic on
%config InteractiveShell.ast_node_interactivity = 'all'
%config InteractiveShell.cache_size = 0
%history -g -f everything.txt
%logstart -o -r -t log.txt append
%run -i 01-error-backpropagation.ipynb
%load_ext autoreload
%autoreload 2
%alias_magic t timeit
%sx yes | head -c 100000000
%killbgscripts
1/0
