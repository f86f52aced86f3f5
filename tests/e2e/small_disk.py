"""A small disk that only one program sees, and that goes with it."""

import os
from pathlib import Path


def on_small_disk(place: Path, template: Path, size_mib: int) -> tuple[str, ...]:
    """What stands before a command that is to find a copy of `template` at `place`, on such a disk.

    Others look in through `/proc/PID/root`. It takes root, or a system that lets everybody have
    namespaces of their own.
    """
    mount = (
        f"mkdir '{place}' && mount -t tmpfs -o size={size_mib}m,mode=0700 courier '{place}'"
        f" && cp -a '{template}/.' '{place}' && exec \"$@\""
    )
    rights = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    return ("unshare", "--mount", *rights, "sh", "-c", mount, "sh")
