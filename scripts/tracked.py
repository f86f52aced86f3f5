"""The files of this project: what git tracks, and what it would track if it were added now."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tracked_files(*suffixes: str) -> list[Path]:
    """Every file under version control, or not ignored, that ends in one of these; sorted.

    Args:
        suffixes: endings such as ".py"; none means all files.
    """
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = {ROOT / name.decode() for name in listing.split(b"\0") if name}
    return sorted(p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes))


def shown(path: Path) -> str:
    """The path as the reader of a message knows it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
