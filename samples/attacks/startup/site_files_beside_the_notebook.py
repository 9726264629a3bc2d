"""sitecustomize, usercustomize and a .pth file lie beside the notebook."""
# covers: startup files, .pth
# honest: exercise2
# %% file sitecustomize.py
open("@CANARY@/outside.txt", "a").write("sitecustomize was here")
# %% file usercustomize.py
open("@CANARY@/outside.txt", "a").write("usercustomize was here")
# %% file marks.pth
import sys; open("@CANARY@/outside.txt", "a").write("a .pth was here")
# %% file conftest.py
open("@CANARY@/outside.txt", "a").write("conftest was here")
