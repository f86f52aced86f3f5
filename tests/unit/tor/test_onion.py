"""Onion keys: known answers, and what is refused."""

import stat
from pathlib import Path

import pytest

from silent_courier.protocol.errors import BadOnionAddressError, BadOnionKeyError
from silent_courier.tor.onion import (
    format_auth_private,
    format_authorized_client,
    make_client_key,
    make_onion_key,
    onion_address,
    parse_authorized_client,
    parse_onion_address,
    read_onion_address,
    write_authorized_clients,
    write_onion_key,
)

# RFC 8032 §7.1, test 1.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
# The examples of Tor's rendezvous specification, version 3.
KNOWN = (
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
    "xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
)
ONION = KNOWN[0]


@pytest.mark.parametrize("address", KNOWN)
def test_known_addresses_are_read_and_written(address: str) -> None:
    assert onion_address(parse_onion_address(address)) == address


def test_public_key_is_that_of_the_seed() -> None:
    assert make_onion_key(SEED).public == PUBLIC


def test_the_secret_is_expanded_and_clamped() -> None:
    scalar = make_onion_key(SEED).expanded_secret[:32]
    assert scalar.hex() == "307c83864f2833cb427a2ef1c00a013cfdff2768d980c0a3a520f006904de94f"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".onion",
        ONION.removesuffix(".onion"),
        ONION.upper(),
        ONION.replace("pg6", "pg7"),
        ONION.replace("cryd.", "cryc."),
        "a" * 56 + ".onion",
        "1" * 56 + ".onion",
        "expyuzz4wqqyqhjn.onion",
        f"sub.{ONION}",
        f"{ONION}\n",
        "example.org",
    ],
)
def test_altered_addresses_are_refused(text: str) -> None:
    with pytest.raises(BadOnionAddressError):
        parse_onion_address(text)


def test_key_files_are_private_and_have_tors_headers(tmp_path: Path) -> None:
    key = make_onion_key(SEED)
    write_onion_key(tmp_path / "onion", key)
    secret = tmp_path / "onion" / "hs_ed25519_secret_key"
    assert secret.read_bytes() == b"== ed25519v1-secret: type0 ==\0\0\0" + key.expanded_secret
    assert [stat.S_IMODE(p.stat().st_mode) for p in (secret, secret.parent)] == [0o600, 0o700]
    assert (tmp_path / "onion" / "hostname").read_text() == f"{key.address}\n"
    assert read_onion_address(tmp_path / "onion") == key.address


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    write_onion_key(tmp_path, make_onion_key(SEED))
    with pytest.raises(FileExistsError):
        write_onion_key(tmp_path, make_onion_key(bytes(32)))
    assert read_onion_address(tmp_path) == make_onion_key(SEED).address


@pytest.mark.parametrize("content", [None, b"", b"x" * 64, b"\0" * 32 + PUBLIC])
def test_missing_or_damaged_key_files_are_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "hs_ed25519_public_key").write_bytes(content)
    with pytest.raises(BadOnionKeyError):
        read_onion_address(tmp_path)


def test_secrets_do_not_show_when_printed() -> None:
    onion, client = make_onion_key(SEED), make_client_key(SEED)
    assert repr(onion.expanded_secret) not in repr(onion)
    assert repr(client.private) not in repr(client)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_seeds_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        make_onion_key(bytes(length))
    with pytest.raises(ValueError, match="32 bytes"):
        make_client_key(bytes(length))


def test_client_key_lines_round_trip() -> None:
    key = make_client_key(SEED)
    line = format_authorized_client(key.public)
    assert line.startswith("descriptor:x25519:")
    assert len(line) == len("descriptor:x25519:") + 52
    assert parse_authorized_client(line + "\n") == key.public
    private = format_auth_private(ONION, key.private)
    assert private.startswith(f"{ONION[:56]}:descriptor:x25519:")
    assert len(private) == 57 + len(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "descriptor:x25519:",
        "descriptor:x25519:AAAA",
        "descriptor:x25519:" + "1" * 52,
        "descriptor:x25519:" + "a" * 52,
        "descriptor:x25519:" + "A" * 51 + "B",
        "descriptor:x448:" + "A" * 52,
    ],
)
def test_malformed_client_lines_are_refused(line: str) -> None:
    with pytest.raises(BadOnionKeyError):
        parse_authorized_client(line)


def test_client_list_is_replaced_whole(tmp_path: Path) -> None:
    first, second = make_client_key(SEED).public, make_client_key(bytes(32)).public
    write_authorized_clients(tmp_path, {"anna-1": first, "boris-1": second})
    write_authorized_clients(tmp_path, {"boris-1": first})
    files = sorted((tmp_path / "authorized_clients").iterdir())
    assert [file.name for file in files] == ["boris-1.auth"]
    assert parse_authorized_client(files[0].read_text()) == first


def test_an_empty_client_list_would_open_the_onion_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_authorized_clients(tmp_path, {})


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "a.b", "ж"])
def test_client_names_that_leave_the_directory_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="named"):
        write_authorized_clients(tmp_path, {name: make_client_key(SEED).public})
