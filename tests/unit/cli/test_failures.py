import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.cli.failures import TABLE, exit_codes_page, explain, print_failure
from silent_courier.protocol import errors

PAGE = Path(__file__).parents[3] / "docs" / "operator" / "exit-codes.md"


def every_error(root: type[errors.CourierError]) -> Iterator[type[errors.CourierError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from every_error(kind)


def make(kind: type[errors.CourierError]) -> errors.CourierError:
    try:
        return kind()
    except TypeError:
        return kind(500)  # type: ignore[call-arg]  # the few that carry a status


@pytest.mark.parametrize("kind", list(every_error(errors.CourierError)))
def test_every_error_has_its_own_sentence_a_hint_and_a_code(
    kind: type[errors.CourierError],
) -> None:
    report = explain(make(kind))
    assert report.sentence == kind.sentence
    assert report.sentence.endswith(".")
    assert report.hint
    assert 9 < report.code < 70 or report.code == 71


def test_hints_are_sentences_without_placeholders() -> None:
    for failure in TABLE.values():
        assert failure.hint.endswith((".", "`."))
        assert "{" not in failure.hint


def test_a_leaf_without_a_row_takes_its_family() -> None:
    assert explain(errors.MalformedCellError()).code == TABLE[errors.ProtocolError].code


def test_the_first_error_of_a_group_is_explained() -> None:
    group = ExceptionGroup("", [ExceptionGroup("", [errors.TorMissingError()]), ValueError()])
    assert explain(group).code == TABLE[errors.TorMissingError].code


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space", "/secret/path"), errors.DiskFullError),
        (OSError(errno.EADDRINUSE, "In use"), errors.PortInUseError),
    ],
)
def test_what_the_system_reports_is_explained_like_our_own(
    error: OSError, kind: type[errors.CourierError]
) -> None:
    assert explain(error).sentence == kind.sentence


def test_a_path_in_a_system_error_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    print_failure(FileNotFoundError(errno.ENOENT, "No such file", "/secret/path"), debug=False)
    assert "secret" not in capsys.readouterr().err


def test_anything_else_is_a_fault_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_failure(ZeroDivisionError("with a secret"), debug=False) == 70
    assert "secret" not in capsys.readouterr().err


def test_a_wrong_word_is_named_by_its_place() -> None:
    assert explain(errors.MalformedWordsError(4)).hint.startswith("Look at word 4.")


def test_missing_handlers_are_named() -> None:
    assert "Anna, Boris" in explain(errors.TooFewDayKeysError(("Anna", "Boris"))).hint


def test_the_manual_lists_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == exit_codes_page(), (
        "write it anew: python -m silent_courier.cli.failures > docs/operator/exit-codes.md"
    )


def test_a_handlers_label_cannot_command_the_terminal_either() -> None:
    hint = explain(errors.TooFewDayKeysError(("Anna\x1b[2J\u202e\nAll is well.",))).hint
    assert hint.startswith("Missing today: Anna\\x1b[2J\\u202e All is well..")
