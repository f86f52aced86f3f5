"""What an export that was killed left behind in the clear: where it may lie, and that it goes.

What has a name while it is written has one of ours, in the folder where it is to stand. The vault
remembers folders that are written to, so that whatever opens it next can look there.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from silent_courier.storage.vault import Vault, unfinished

_BEGIN: Final = ".courier-"
_END: Final = ".part"
_PATTERNS: Final = (f"{_BEGIN}*{_END}", f"*.zip{_END}")
"""The second is that of older programs, which wrote ZIPs to the desk's own folder alone."""
_NAME_MAX: Final = 80


def part_of(out: Path) -> Path:
    """What something is called until it is whole, beside the place where it will stand."""
    return out.with_name(f"{_BEGIN}{out.name[:_NAME_MAX]}{_END}")


def find_parts(folder: Path, *, is_ours: bool = False) -> list[Path]:
    """What lies there half written. is_ours: nobody but desks writes to this folder."""
    with suppress(OSError):
        patterns = _PATTERNS if is_ours else _PATTERNS[:1]
        return sorted({part for pattern in patterns for part in folder.glob(pattern)})
    return []


def clear_parts(folder: Path, *, is_ours: bool = False) -> None:
    """Delete it. Whoever calls this holds the vault's lock, so that nobody is writing it now."""
    for part in find_parts(folder, is_ours=is_ours):
        remove_part(part)


def remove_part(part: Path) -> None:
    """Delete a file or folder, if it is there and can be deleted; never what a link points at."""
    with suppress(OSError):
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part)
        else:
            part.unlink()


@contextmanager
def noted(vault: Vault, folder: Path) -> Iterator[None]:
    """Have the vault remember, while this is done, that something is written to this folder."""
    place = str(folder.absolute())
    unfinished.begin(vault, place)
    try:
        yield
    finally:
        unfinished.end(vault, place)


def clear_noted(vault: Vault) -> None:
    """Clear away what killed programs left in the folders that they wrote to, where these are here.

    A folder that is not there may be on a stick that was pulled out: it stays remembered.
    """
    for place in unfinished.every(vault):
        folder = Path(place)
        clear_parts(folder)
        if folder.is_dir() and not find_parts(folder):
            unfinished.end(vault, place)


def noted_elsewhere(vault: Vault) -> list[Path]:
    """Folders where something may still lie, and that could not be looked into."""
    return [Path(place) for place in unfinished.every(vault)]
