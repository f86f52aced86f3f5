"""Events as tor 0.4.9 writes them, and everything else."""

import pytest

from silent_courier.tor.events import (
    Bootstrap,
    DescriptorAction,
    DescriptorEvent,
    parse_bootstrap,
    parse_descriptor_event,
)

ADDRESS = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd"
DIRECTORY = "$07FFD7A05B10814027A7FA4D7D15720F03C0746A~relay0"


def test_bootstrap_progress_is_read() -> None:
    text = 'NOTICE BOOTSTRAP PROGRESS=80 TAG=ap_conn SUMMARY="Connecting to a relay"'
    assert parse_bootstrap(text) == Bootstrap(80, "ap_conn", "Connecting to a relay for circuits.")


def test_bootstrap_is_done_at_a_hundred() -> None:
    state = parse_bootstrap('NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY="Done"')
    assert state is not None
    assert state.done


def test_tors_own_words_never_reach_the_sentence() -> None:
    state = parse_bootstrap('WARN BOOTSTRAP PROGRESS=5 TAG=new SUMMARY="relay 1.2.3.4 says no"')
    assert state == Bootstrap(5, "new", "Connecting to the Tor network.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NOTICE ENOUGH_DIR_INFO",
        "NOTICE BOOTSTRAP",
        "NOTICE BOOTSTRAP PROGRESS=101 TAG=x",
        "NOTICE BOOTSTRAP PROGRESS=-1 TAG=x",
        "NOTICE BOOTSTRAP PROGRESS=٣ TAG=x",
        'NOTICE BOOTSTRAP PROGRESS=1 SUMMARY="open',
    ],
)
def test_other_status_events_are_no_bootstrap(text: str) -> None:
    assert parse_bootstrap(text) is None


def test_a_confirmed_upload_names_the_onion_and_the_directory() -> None:
    text = f"UPLOADED {ADDRESS} UNKNOWN {DIRECTORY}"
    assert parse_descriptor_event(text) == DescriptorEvent(
        DescriptorAction.UPLOADED, f"{ADDRESS}.onion", DIRECTORY
    )


def test_an_upload_that_begins_names_the_descriptor_too() -> None:
    text = f"UPLOAD {ADDRESS} UNKNOWN {DIRECTORY} JOG4ivT+NUIk HSDIR_INDEX=3BBA"
    assert parse_descriptor_event(text) == DescriptorEvent(
        DescriptorAction.UPLOADING, f"{ADDRESS}.onion", DIRECTORY, "JOG4ivT+NUIk"
    )


@pytest.mark.parametrize("text", ["", "UPLOADED", f"NEWER {ADDRESS} UNKNOWN {DIRECTORY}"])
def test_other_descriptor_events_are_nothing(text: str) -> None:
    assert parse_descriptor_event(text) is None
