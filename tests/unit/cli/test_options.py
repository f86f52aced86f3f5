import click
import pytest

from silent_courier.cli.options import InOrder, LoadedLate, check_language, examples
from silent_courier.cli.org import org

CONTEXT = click.Context(click.Command("c"))
PARAMETER = click.Option(["--language"])


def test_commands_are_listed_in_the_order_they_were_added() -> None:
    group = InOrder("g")
    for name in ("zebra", "ant"):
        group.add_command(click.Command(name))
    assert group.list_commands(click.Context(group)) == ["zebra", "ant"]


def test_commands_are_imported_when_they_are_called() -> None:
    group = LoadedLate(name="g", places={"org": "silent_courier.cli.org"})
    group.add_command(click.Command("other"))
    context = click.Context(group)
    assert group.list_commands(context) == ["org", "other"]
    assert group.get_command(context, "org") is org
    assert group.get_command(context, "nothing") is None


@pytest.mark.parametrize("code", ["en", "ru", "zh-hans"])
def test_a_language_code_is_taken(code: str) -> None:
    assert check_language(CONTEXT, PARAMETER, code) == code


@pytest.mark.parametrize("code", ["", "EN", "russian", "ru_RU", "../x"])
def test_anything_else_is_no_language_code(code: str) -> None:
    with pytest.raises(click.BadParameter):
        check_language(CONTEXT, PARAMETER, code)


@pytest.mark.parametrize(
    ("lines", "title"), [(("one",), "Example:"), (("one", "two"), "Examples:")]
)
def test_examples_are_kept_line_by_line(lines: tuple[str, ...], title: str) -> None:
    assert examples(*lines).splitlines() == ["\b", title, *(f"  {line}" for line in lines)]
