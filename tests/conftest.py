"""What holds for every test: no network but loopback, no silent skip, heavy tests apart."""

import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.remote import Producer

from tests import loopback
from tests.scheduling import ByPlace, turn

UNDER_CI = os.environ.get("CI", "") not in {"", "0", "false"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "network: needs more network than loopback")


def pytest_sessionstart(session: pytest.Session) -> None:
    # The controller of a parallel run must stay outside: its workers start from where it is.
    if not getattr(session.config.option, "numprocesses", None):
        loopback.enter()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByPlace:
    return ByPlace(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest starts first, so that the rest fills the other worker meanwhile."""
    items.sort(key=lambda item: turn(item.nodeid))


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory for unix sockets, whose paths have 108 bytes at most: tmp_path is too long."""
    with tempfile.TemporaryDirectory(prefix="c-") as directory:
        yield Path(directory)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    if item.get_closest_marker("network") is None:
        return (yield)
    with loopback.left():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI a skipped test is a failure: what was not run was not shown."""
    if UNDER_CI and report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, and under CI that is a failure. {reason}"
