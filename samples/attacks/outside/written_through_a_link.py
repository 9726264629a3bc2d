"""Links beside the notebook lead out of its folder: what is written there, or copied, lands elsewhere."""
# covers: files searched
# honest: exercise2
# %% first
for path in ("results/outside.txt", "results/new.txt", "log.txt"):
    try:
        with open(path, "a") as file:
            file.write("a student was here")
    except OSError as error:
        print(error)
# %% tamper
(folder / "results").symlink_to("@CANARY@", target_is_directory=True)
(folder / "log.txt").symlink_to("@CANARY@/outside.txt")
(folder / "files").symlink_to("@CANARY@", target_is_directory=True)
