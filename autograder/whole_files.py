"""Write files whole or not at all."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: str | bytes, mode: int | None = None) -> None:
    """Put a file into its place in one step: until then, readers see what was there before.

    content : text, or bytes as they are; surrogates become escapes.
    mode : who may read and write it, if not decided by the process's umask.
    """
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)
    if mode is not None:
        new.chmod(mode)
    new.replace(path)
