"""Files to attach: a photo that says too much, and a large one that nothing compresses."""

import struct
from pathlib import Path
from random import Random

CAMERA = b"Zenit 12XP"
_ASCII = 2


def photo() -> bytes:
    """A whole JPEG, 8 by 8 grey pixels, whose EXIF names a camera."""
    exif = b"Exif\0\0" + _tiff(0x0110, CAMERA + b"\0")
    tables = _segment(0xDB, bytes(1) + b"\x01" * 64)
    frame = _segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + b"\x01\x11\x00")
    # One code of one bit in each table: no difference, and end of block.
    codes = b"\x01" + bytes(15) + b"\x00"
    huffman = _segment(0xC4, b"\x00" + codes) + _segment(0xC4, b"\x10" + codes)
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f"
    return b"\xff\xd8" + _segment(0xE1, exif) + tables + frame + huffman + scan + b"\xff\xd9"


def write_noise(path: Path, length: int, seed: int = 1) -> bytes:
    """Write so many bytes without any order, the same for one seed; gives them."""
    data = Random(seed).randbytes(length)
    path.write_bytes(data)
    return data


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _tiff(tag: int, text: bytes) -> bytes:
    """A TIFF directory with one entry of text behind it."""
    behind = 8 + 2 + 12 + 4
    entry = struct.pack(">HHII", tag, _ASCII, len(text), behind)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4) + text
