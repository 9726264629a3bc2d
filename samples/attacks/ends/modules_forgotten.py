"""All modules are forgotten, built-in functions are deleted, and importing is made impossible."""
# covers: patched hooks, shadowed modules
# %% exercise1
import builtins, sys

def exercise1(*anything):
    sys.modules.clear()
    sys.meta_path.clear()
    sys.path_hooks.clear()
    sys.path = None
    for name in ("len", "isinstance", "getattr", "type", "list", "tuple", "float", "range", "__import__", "__build_class__", "Exception", "BaseException"):
        delattr(builtins, name)
    return 1
