"""Check that no file and no function has grown past what one reading takes in."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.tracked import shown, tracked_files

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
CODE = (".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".sh")


def problems(path: Path) -> Iterator[str]:
    """One sentence for the file when it is too long, and for each function that is."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        yield f"{shown(path)}: {lines} lines; split it by concept"
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    yield f"{shown(path)}:{node.lineno}: {node.name} has {length} lines; split it"


def main() -> int:
    found = [problem for path in tracked_files(*CODE) for problem in problems(path)]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
