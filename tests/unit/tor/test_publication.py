"""When an onion may be called published."""

from silent_courier.tor.events import DescriptorAction, DescriptorEvent
from silent_courier.tor.publication import DESCRIPTOR_LIFE_S, OnionStatus, Publication

ONION = "x.onion"
DIRECTORIES = ("a", "b", "c")


def ask(publication: Publication, descriptor: str, now: float = 0.0) -> None:
    for directory in DIRECTORIES:
        event = DescriptorEvent(DescriptorAction.UPLOADING, ONION, directory, descriptor)
        publication.note(event, now)


def answer(
    publication: Publication,
    *directories: str,
    now: float = 1.0,
    action: DescriptorAction = DescriptorAction.UPLOADED,
) -> None:
    for directory in directories:
        publication.note(DescriptorEvent(action, ONION, directory), now)


def both_asked() -> Publication:
    publication = Publication()
    ask(publication, "now")
    ask(publication, "next")
    return publication


def test_before_anything_happened_nothing_is_published() -> None:
    expected = OnionStatus(ONION, False, uploads=0, copies=0, since=None, last=None)
    assert Publication().status(ONION, 0.0) == expected


def test_asking_is_not_publishing() -> None:
    assert not both_asked().status(ONION, 1.0).published


def test_one_of_two_descriptors_is_not_enough() -> None:
    publication = both_asked()
    answer(publication, "a", "b", "c")
    assert not publication.status(ONION, 1.0).published


def test_a_descriptor_that_was_not_asked_for_yet_is_waited_for() -> None:
    publication = Publication()
    ask(publication, "now")
    answer(publication, "a", "b", "c")
    assert not publication.status(ONION, 1.0).published


def test_most_copies_of_both_descriptors_are_enough() -> None:
    publication = both_asked()
    answer(publication, "a", "b", "a", now=1.0)
    assert not publication.status(ONION, 2.0).published
    answer(publication, "b", now=2.0)
    expected = OnionStatus(ONION, True, uploads=4, copies=6, since=1.0, last=2.0)
    assert publication.status(ONION, 2.0) == expected


def test_a_refused_copy_does_not_count() -> None:
    publication = both_asked()
    answer(publication, "a", "b", "a")
    answer(publication, "b", action=DescriptorAction.FAILED)
    answer(publication, "b")
    assert publication.status(ONION, 1.0) == OnionStatus(ONION, False, 3, 6, 1.0, 1.0)


def test_a_confirmation_of_nothing_asked_does_not_count() -> None:
    publication = Publication()
    answer(publication, "a", "a", "b", "b")
    assert publication.status(ONION, 1.0).uploads == 0


def test_what_was_not_uploaded_again_is_no_longer_published() -> None:
    publication = both_asked()
    answer(publication, *DIRECTORIES, *DIRECTORIES, now=1.0)
    assert publication.status(ONION, DESCRIPTOR_LIFE_S - 1.0).published
    assert not publication.status(ONION, DESCRIPTOR_LIFE_S + 1.0).published


def test_a_directory_that_never_answered_does_not_confuse_later_answers() -> None:
    publication = both_asked()
    answer(publication, "b", "c", "b", "c")
    ask(publication, "now", now=4000.0)
    ask(publication, "next", now=4000.0)
    answer(publication, *DIRECTORIES, *DIRECTORIES, now=4001.0)
    assert publication.status(ONION, 4001.0) == OnionStatus(ONION, True, 6, 6, 1.0, 4001.0)


def test_a_new_upload_keeps_it_published() -> None:
    publication = both_asked()
    answer(publication, *DIRECTORIES, *DIRECTORIES, now=1.0)
    ask(publication, "next", now=5000.0)
    ask(publication, "after", now=5000.0)
    assert publication.status(ONION, 5001.0).published
    answer(publication, *DIRECTORIES, *DIRECTORIES, now=5001.0)
    late = DESCRIPTOR_LIFE_S + 100.0
    assert publication.status(ONION, late) == OnionStatus(ONION, True, 6, 6, 1.0, 5001.0)
