"""Each check of `make check` catches the thing it is there for, and lets the innocent pass."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts import help_blocks, i18n, links, lock, mirror, sizes, words


def test_module_without_tests_is_named() -> None:
    (problem,) = mirror.problems([mirror.SOURCE / "tor" / "control.py"])
    assert "tests/unit/tor/test_control.py" in problem


def test_tests_without_module_are_named() -> None:
    (problem,) = mirror.problems([mirror.TESTS / "tor" / "test_control.py"])
    assert "no such module" in problem


def test_mirrored_module_passes() -> None:
    assert not mirror.problems(
        [
            mirror.SOURCE / "tor" / "__init__.py",
            mirror.SOURCE / "tor" / "control.py",
            mirror.TESTS / "tor" / "test_control.py",
            mirror.SOURCE / "storage" / "migrations" / "versions" / "first.py",
            mirror.TESTS / "storage" / "test_migrations.py",
        ]
    )


@pytest.mark.parametrize(("lines", "found"), [(60, 0), (61, 1)])
def test_long_function_is_named(tmp_path: Path, lines: int, found: int) -> None:
    file = tmp_path / "long.py"
    file.write_text("async def f():\n" + "    pass\n" * (lines - 1))
    assert len(list(sizes.problems(file))) == found


@pytest.mark.parametrize(("lines", "found"), [(500, 0), (501, 1)])
def test_long_file_is_named(tmp_path: Path, lines: int, found: int) -> None:
    file = tmp_path / "long.ts"
    file.write_text("\n" * lines)
    assert len(list(sizes.problems(file))) == found


@pytest.mark.parametrize(
    "said",
    [
        "/".join(["", "root", "letters"]),
        "/".join(["see shared", "plan.md"]),
        "https://" + ".".join(["pypi", "org"]),
        " ".join(["fixes issue", "7"]),
    ],
)
def test_forbidden_word_is_found_in_any_file(tmp_path: Path, said: str) -> None:
    file = tmp_path / "vector.bin"
    file.write_bytes(b"\x00\xff\n" + said.encode() + b"\n")
    (problem,) = words.problems(file)
    assert ":2: " in problem


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("package-lock.json", '"resolved": "https://registry.example/x.tgz"'),
        ("requirements.lock", "--index-url https://registry.example/simple"),
    ],
)
def test_lock_file_with_an_address_is_refused(tmp_path: Path, name: str, line: str) -> None:
    file = tmp_path / name
    file.write_text(line)
    assert len(list(words.problems(file))) == 1


@pytest.mark.parametrize("link", ["gone.md", "#no-such-heading", "other.md#no-such-heading"])
def test_dead_link_is_named(tmp_path: Path, link: str) -> None:
    (tmp_path / "other.md").write_text("# Another page\n")
    page = tmp_path / "page.md"
    page.write_text(f"# This page\n\nSee [there]({link}).\n")
    (problem,) = links.problems(page)
    assert link in problem


def test_living_links_pass(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Who sees what?\n# Who sees what?\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# This page\n[a](#this-page) [b](other.md#who-sees-what-1) [c](https://example.org/gone)\n"
        "`[code](gone)`\n```\n[code](gone)\n```\n[d]\n\n[d]: other.md\n"
    )
    assert not list(links.problems(page))


def test_stale_help_is_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_blocks, "help_text", lambda command: f"help of {command}\n")
    page = "<!-- help: courier org init -->\n```text\n{}```\nend\n"
    assert help_blocks.regenerate(page.format("old\nold\n")) == page.format(
        "help of courier org init\n"
    )


def test_lock_notices_any_change_of_the_requirements() -> None:
    project = '[project]\nrequires-python = ">=3.11"\ndependencies = ["click>=8"]\n{}'
    groups = '[dependency-groups]\ndev = ["{}"]\n'
    before = lock.digest_line(project.format(groups.format("pytest>=9")))
    assert before != lock.digest_line(project.format(groups.format("pytest>=10")))
    assert before == lock.digest_line("# moved\n" + project.format(groups.format("pytest>=9")))


def test_sentences_of_a_script_are_found_in_one_piece() -> None:
    source = """
        t("One \\"word\\".") + said(mark("Later"))
        t(
          "A long " +
            "sentence, {name}.",
          { name },
        )
        counted("{n} letter", "{n} letters", n)
        export function t(sentence: string): string {}
    """
    assert list(i18n.sentences_of(source)) == [
        'One "word".',
        "Later",
        "A long sentence, {name}.",
        ("{n} letter", "{n} letters"),
    ]


@pytest.mark.parametrize("source", ["t(sentence)", "mark(`x`)", 'counted("{n} letter", n)'])
def test_a_sentence_that_no_translator_would_see_is_refused(source: str) -> None:
    with pytest.raises(i18n.UnmarkedError):
        list(i18n.sentences_of(source))


@pytest.mark.parametrize(
    ("russian", "fault"),
    [
        (("{n} письмо", "{n} письма", "{n} писем"), ""),
        (("{n} письмо", "{n} письма", ""), "not translated"),
        (("{n} письмо", "{n} письма", "писем"), "other placeholders"),
        ("", "not translated"),
    ],
)
def test_a_number_is_translated_in_all_its_forms(
    tmp_path: Path, russian: str | tuple[str, ...], fault: str
) -> None:
    template, translated = Catalog(), Catalog(locale="ru")
    template.add(("{n} letter", "{n} letters"))
    translated.add(("{n} letter", "{n} letters"), russian)
    path = tmp_path / "ru.po"
    path.write_bytes(i18n.encode(translated, "ru"))
    desk = i18n.DOMAINS[1]
    found = [str(each) for each in i18n.problems(desk, path, template)]
    assert bool(found) == bool(fault)
    assert all(fault in each for each in found)
