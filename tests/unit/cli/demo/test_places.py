from pathlib import Path

import click
import pytest

from silent_courier.cli.demo.places import Places, Ports, is_finished, read_ports, write_ports


def test_a_new_or_empty_directory_is_set_up(tmp_path: Path) -> None:
    assert not is_finished(Places(tmp_path / "new"))
    assert not is_finished(Places(tmp_path))


def test_a_finished_demo_is_known_by_its_ports(tmp_path: Path) -> None:
    places, ports = Places(tmp_path), Ports("127.0.0.1:1", "127.0.0.1:2")
    write_ports(places, ports)
    assert is_finished(places)
    assert read_ports(places) == ports


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("important", encoding="utf-8")
    with pytest.raises(click.UsageError, match="other files"):
        is_finished(Places(tmp_path))


def test_a_passphrase_is_read_without_its_line_end(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.passphrase_file("anna").parent.mkdir()
    places.passphrase_file("anna").write_text("secret\n", encoding="utf-8")
    assert places.passphrase("anna") == "secret"
