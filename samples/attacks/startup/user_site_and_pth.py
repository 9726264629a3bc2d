"""A .pth file and a usercustomize are left where Python looks for them at every start."""
# covers: startup files, .pth
# honest: exercise2
# %% first
import os, sys

folder = "@HOME@/.local/lib/python%d.%d/site-packages" % sys.version_info[:2]
for name, text in (("marks.pth", "import marks_for_all\n"), ("marks_for_all.py", ""), ("usercustomize.py", "")):
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    except OSError as error:
        print(error)
