"""The program itself, under the system's Python in plain view: what it says to honest files."""

import subprocess
from pathlib import Path

from silent_courier.desk.sandbox import cleaner
from silent_courier.desk.sandbox.cleaner import CANNOT, CLEANED, HEADER, MAGIC
from tests.unit.desk.sandbox import hostile

PYTHON = "/usr/bin/python3"


def run(ending: str, content: bytes, folder: Path) -> tuple[int, bytes]:
    source = Path(cleaner.__file__).read_text(encoding="utf-8")
    program = folder / "cleaner.py"
    program.write_text(source.replace('"/scratch"', repr(str(folder))), encoding="utf-8")
    said = subprocess.run(
        [PYTHON, "-I", "-B", program, ending], input=content, capture_output=True, check=True
    ).stdout
    magic, answer, length = HEADER.unpack(said[: HEADER.size])
    assert magic == MAGIC
    assert length == len(said) - HEADER.size
    return answer, said[HEADER.size :]


def test_a_picture_comes_back_without_what_it_said_of_its_camera(tmp_path: Path) -> None:
    told = hostile.telling_picture(b"SecretCam")
    assert b"SecretCam" in told
    answer, cleaned = run("jpg", told, tmp_path)
    assert answer == CLEANED
    assert cleaned.startswith(b"\xff\xd8\xff")
    assert b"SecretCam" not in cleaned


def test_what_cannot_be_cleaned_gives_nothing(tmp_path: Path) -> None:
    assert run("png", b"junk", tmp_path) == (CANNOT, b"")
    assert run("unheard-of", b"junk", tmp_path) == (CANNOT, b"")
