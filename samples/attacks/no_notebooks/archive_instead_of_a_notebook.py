"""A zip file of a gigabyte of zeros bears the notebook's name, and others lie beside it."""
# covers: no notebook, memory
# %% instead
import io, zipfile

inner = io.BytesIO()
with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
    with file.open("01-error-backpropagation.ipynb", "w") as entry:
        for _ in range(100):
            entry.write(bytes(1_000_000))
for name in (path, path.with_suffix(".zip"), path.parent / "again.ipynb.zip"):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(10):
            file.writestr(f"{number}.zip", inner.getvalue())
