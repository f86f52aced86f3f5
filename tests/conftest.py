"""What holds for every test: no network but loopback, no silent skip, heavy tests apart."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests import loopback

HERE = Path(__file__).parent
UNDER_CI = os.environ.get("CI", "") not in {"", "0", "false"}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "network: needs more network than loopback")


def pytest_sessionstart(session: pytest.Session) -> None:
    # The controller of a parallel run must stay outside: its workers start from where it is.
    if not getattr(session.config.option, "numprocesses", None):
        loopback.enter()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One private Tor network at a time: the e2e tests are one group, and start first."""
    for item in items:
        if _is_e2e(item) and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("tor"))
    items.sort(key=lambda item: not _is_e2e(item))


def _is_e2e(item: pytest.Item) -> bool:
    return item.path.is_relative_to(HERE / "e2e")


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
