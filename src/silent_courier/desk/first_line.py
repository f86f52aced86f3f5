"""The beginning of a text, in one line, as lists show it."""

from typing import Final

FIRST_LINE_LEN: Final = 80


def first_line(text: str) -> str:
    """At most 80 characters; what is cut off ends in an ellipsis."""
    line = " ".join(text[: 4 * FIRST_LINE_LEN].split())
    return line if len(line) <= FIRST_LINE_LEN else line[: FIRST_LINE_LEN - 1] + "…"
