"""Check that tests/unit mirrors src/silent_courier, both ways.

A module without its test file is untested; a test file without its module tests nothing that can
be found. Migrations are data in the shape of code: the whole directory has one test file.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from scripts.tracked import ROOT, shown, tracked_files

SOURCE = ROOT / "src" / "silent_courier"
TESTS = ROOT / "tests" / "unit"


def expected_test(module: Path) -> Path:
    """Where the tests of this module belong."""
    parts = module.relative_to(SOURCE).with_suffix("").parts
    if "migrations" in parts:
        parts = parts[: parts.index("migrations") + 1]
    return TESTS.joinpath(*parts[:-1], f"test_{parts[-1]}.py")


def problems(files: Iterable[Path]) -> list[str]:
    """One sentence for each module without tests and each test file without its module."""
    python = [path for path in files if path.suffix == ".py"]
    modules = [p for p in python if p.is_relative_to(SOURCE) and p.name != "__init__.py"]
    tests = {p for p in python if p.is_relative_to(TESTS) and p.name.startswith("test_")}
    expected = {expected_test(module): module for module in modules}
    untested = [
        f"{shown(module)}: write its tests in {shown(test)}"
        for test, module in expected.items()
        if test not in tests
    ]
    orphans = [f"{shown(test)}: no such module in src" for test in tests - expected.keys()]
    return sorted(untested) + sorted(orphans)


def main() -> int:
    found = problems(tracked_files(".py"))
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
