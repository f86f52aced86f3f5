"""Files are served under names that hold their hash, with the type they are of."""

from hashlib import sha256

from silent_courier.protocol.words import WORD_LISTS
from silent_courier.server.portal.assets import Assets, load_assets

ASSETS = Assets({"b.js": b"1", "a.css": b"2"})


def test_path_changes_with_the_content() -> None:
    other = Assets({"b.js": b"2"})

    assert ASSETS.path("b.js") != other.path("b.js")
    assert ASSETS.path("b.js") == f"/static/b-{sha256(b'1').hexdigest()[:16]}.js"


def test_every_file_is_served_with_its_type() -> None:
    assert ASSETS.served() == {
        ASSETS.path("a.css"): (b"text/css; charset=utf-8", b"2"),
        ASSETS.path("b.js"): (b"text/javascript; charset=utf-8", b"1"),
    }


def test_digests_are_sorted_by_name() -> None:
    assert ASSETS.digests == (
        ("a.css", sha256(b"2").hexdigest()),
        ("b.js", sha256(b"1").hexdigest()),
    )


def test_package_has_scripts_sheet_and_every_word_list() -> None:
    names = load_assets().contents.keys()

    assert {"portal.js", "worker.js", "portal.css", "icon.png"} <= names
    assert {f"words-{code}.txt" for code in WORD_LISTS} <= names


def test_word_lists_are_those_of_the_protocol() -> None:
    import unicodedata

    from mnemonic import Mnemonic

    for code, name in WORD_LISTS.items():
        served = load_assets().contents[f"words-{code}.txt"].decode().split()
        assert served == [unicodedata.normalize("NFKD", w) for w in Mnemonic(name).wordlist]
