import secrets
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from silent_courier.desk.sandbox import cleaning
from silent_courier.desk.sandbox.bubblewrap import Limits, Program
from silent_courier.desk.sandbox.cleaner import CANNOT, CLEANED, HEADER, MAGIC
from silent_courier.desk.sandbox.cleaning import SENTENCES, NotCleaned, clean, read_cleaned
from silent_courier.desk.sandbox.running import run
from tests.unit.desk.sandbox import hostile


def test_files_come_back_without_what_they_said_of_their_makers() -> None:
    secret = b"SecretCam"
    author = hostile.written_pdf(trailer="/Info << /Author (SecretCam) >>")
    for kind, content in (("jpeg", hostile.telling_picture(secret)), ("pdf", author)):
        assert secret in content
        cleaned = clean(kind, [content])
        assert isinstance(cleaned, bytes)
        assert len(cleaned) > 100
        assert secret not in cleaned


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("png", b"junk", NotCleaned.FAILED),
        ("pdf", b"%PDF-1.7\n", NotCleaned.FAILED),
        ("docx", hostile.office("word", macros=True), NotCleaned.FAILED),
        ("zip", hostile.zip_bomb(), NotCleaned.OTHER_KIND),
        ("exe", b"MZ", NotCleaned.OTHER_KIND),
    ],
)
def test_what_cannot_be_cleaned_is_not_saved_and_says_why(
    kind: str, content: bytes, why: NotCleaned
) -> None:
    assert clean(kind, [content]) is why
    assert set(SENTENCES) == set(NotCleaned)


def test_the_sandbox_has_a_place_to_write_and_still_no_network_home_or_proc() -> None:
    code = (
        "import os, socket, json\n"
        "open('/scratch/x', 'wb').write(b'y')\n"
        "told = [os.listdir('/scratch'), sorted(os.listdir('/'))]\n"
        "for act in (lambda: socket.create_connection(('127.0.0.1', 9), 1),"
        " lambda: open('/usr/x', 'wb'),"
        " lambda: open('/scratch/big', 'wb').write(bytes(2 << 20))):\n"
        " try:\n  act(); told.append('done')\n"
        " except OSError as error: told.append(error.errno)\n"
        "print(json.dumps(told))\n"
    )
    program = Program(
        (cleaning._PYTHON, "-I", "-c", code),
        [(Path("/usr"), "/usr")],
        Limits(scratch_bytes=1 << 20),
        has_filter=False,
    )
    said = run(program, [])
    assert b'[["x"], ["bin", "lib"' in said
    assert b"done" not in said
    assert b"home" not in said
    assert b"proc" not in said


BOMB = "import os\nos.write(1, b'.')\nwhile True:\n try: os.fork()\n except OSError: pass  # {mark}"


def _processes(mark: str) -> int:
    """How many processes of the program with this mark there are on this machine."""
    found = 0
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            text = place.read_text("utf-8", "replace")
            found += mark in text and text.startswith(cleaning._PYTHON)
    return found


def test_a_fork_bomb_stops_only_itself() -> None:
    mark = secrets.token_hex(8)
    limits = Limits(processes=24, wall_s=3.0, scratch_bytes=1 << 20)
    command = (cleaning._PYTHON, "-I", "-c", BOMB.format(mark=mark))
    program = Program(command, [(Path("/usr"), "/usr")], limits, has_filter=False)
    most = 0
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(run, program, [])
        while not said.done():
            most = max(most, _processes(mark))
            subprocess.run(["/bin/true"], check=True)
        assert said.result() == b"."
    assert 10 < most <= 24
    end = time.monotonic() + 5
    while _processes(mark) and time.monotonic() < end:
        time.sleep(0.05)
    assert _processes(mark) == 0


def test_without_mat2_or_bubblewrap_nothing_is_cleaned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
        assert clean("png", [hostile.picture()]) is NotCleaned.NO_CLEANER
    monkeypatch.setattr(cleaning, "MAT2", Path("/nowhere"))
    assert clean("png", [hostile.picture()]) is NotCleaned.NO_CLEANER


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"junk" * 9,
        HEADER.pack(MAGIC, CLEANED, 0),
        HEADER.pack(MAGIC, CLEANED, 5) + b"abc",
        HEADER.pack(MAGIC, CLEANED, 2) + b"abc",
        HEADER.pack(MAGIC, CANNOT, 3) + b"abc",
        HEADER.pack(b"SCPC\x02", CLEANED, 3) + b"abc",
    ],
)
def test_what_is_not_exactly_of_the_form_is_nothing(said: bytes) -> None:
    assert read_cleaned(said) is None
    assert read_cleaned(HEADER.pack(MAGIC, CLEANED, 3) + b"abc") == b"abc"
