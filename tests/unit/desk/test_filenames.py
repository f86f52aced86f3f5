import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silent_courier.desk.filenames import FALLBACK, NAME_BYTES_MAX, numbered, safe_name


@pytest.mark.parametrize("name", ["report.pdf", "Отчёт за год.docx", "été 2026.tar.gz", "写真.jpg"])
def test_an_ordinary_name_stays(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/shadow", "etc_shadow"),
        (".bashrc", "bashrc"),
        ("...", FALLBACK),
        ("   ", FALLBACK),
        ("a\0b.txt", "a_b.txt"),
        ("a\nb.txt", "a_b.txt"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("a\u200bb\ufeff.txt", "a_b_.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.jpg", "_com1.jpg"),
        ("what?.txt", "what_.txt"),
        ('a<b>c:"d|e*.txt', "a_b_c__d_e_.txt"),
        ("trailing. ", "trailing"),
    ],
)
def test_a_name_with_another_purpose_loses_it(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_whatever_the_name_it_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)

    assert safe not in {"", ".", ".."}
    assert not safe.startswith(".")
    assert not set(safe) & set('/\\\0<>:"|?*')
    assert len(safe.encode()) <= NAME_BYTES_MAX
    assert all(unicodedata.category(c)[0] != "C" for c in safe)


def test_a_long_name_keeps_its_ending() -> None:
    safe = safe_name("я" * 300 + ".pdf")

    assert safe.endswith("я.pdf")
    assert len(safe.encode()) <= NAME_BYTES_MAX


def test_a_split_accent_is_the_same_name() -> None:
    assert safe_name(unicodedata.normalize("NFD", "й.txt")) == "й.txt"


def test_names_are_numbered_before_their_ending() -> None:
    assert numbered("a.txt", 1) == "a.txt"
    assert numbered("a.txt", 2) == "a (2).txt"
    assert numbered("noending", 3) == "noending (3)"
