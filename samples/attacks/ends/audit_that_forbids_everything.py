"""An audit hook, which nobody can take away again, forbids to import, to compile, to open and to start threads."""
# covers: patched hooks
# %% first
import sys

def forbid(event, arguments):
    if event.split(".")[0] in ("import", "compile", "exec", "open", "_thread", "os", "gc", "object", "sys", "ctypes"):
        raise SystemExit(f"{event} is forbidden")
sys.addaudithook(forbid)
