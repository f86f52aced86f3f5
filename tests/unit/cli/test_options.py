import click
import pytest

from silent_courier.cli.options import InOrder, examples


def test_commands_are_listed_in_the_order_they_were_added() -> None:
    group = InOrder("g")
    for name in ("zebra", "ant"):
        group.add_command(click.Command(name))
    assert group.list_commands(click.Context(group)) == ["zebra", "ant"]


@pytest.mark.parametrize(
    ("lines", "title"), [(("one",), "Example:"), (("one", "two"), "Examples:")]
)
def test_examples_are_kept_line_by_line(lines: tuple[str, ...], title: str) -> None:
    assert examples(*lines).splitlines() == ["\b", title, *(f"  {line}" for line in lines)]
