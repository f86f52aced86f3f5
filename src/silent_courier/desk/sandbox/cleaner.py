"""The program that takes hidden details out of a file: Debian's mat2, inside the sandbox.

It runs alone under the system's own Python, reads one file, and writes one. What comes out may be
anything: whoever started it treats it as the stranger's file that it still is.

    cleaner.py ENDING
"""

import struct
import sys
from pathlib import Path
from typing import Final

MAGIC: Final = b"SCPC\x01"
HEADER: Final = struct.Struct(">5sBQ")
"""Magic, answer, length of the file after it."""
CLEANED, CANNOT = 1, 2
SCRATCH: Final = "/scratch"


def main(ending: str) -> None:
    """Read standard input to its end, and write the cleaned file, or that it cannot be."""
    from libmat2 import parser_factory

    path = Path(SCRATCH, f"file.{ending}")
    path.write_bytes(sys.stdin.buffer.read())
    cleaned = b""
    try:
        parser, _ = parser_factory.get_parser(str(path))
        # mat2 would make a sandbox of its own for what it starts; it is in one.
        parser.sandbox = False
        if parser.remove_all():
            cleaned = Path(parser.output_filename).read_bytes()
    except Exception:  # noqa: BLE001 - whatever a broken file breaks
        cleaned = b""
    answer = CLEANED if cleaned else CANNOT
    sys.stdout.buffer.write(HEADER.pack(MAGIC, answer, len(cleaned)) + cleaned)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
