from silent_courier.desk.report import Tally, Trouble


def test_a_trouble_is_told_once_and_in_order() -> None:
    tally = Tally()
    for trouble in (Trouble.OVER_QUOTA, Trouble.WRONG_LETTER, Trouble.OVER_QUOTA):
        tally.trouble(trouble)

    report = tally.report(waiting=3, expires_in_days=5)
    assert report.troubles == (Trouble.OVER_QUOTA.value, Trouble.WRONG_LETTER.value)
    assert (report.waiting, report.expires_in_days, report.letters) == (3, 5, 0)


def test_counts_are_handed_over() -> None:
    tally = Tally()
    tally.counts["letters"] += 2
    tally.counts["chunks"] += 1

    report = tally.report(waiting=0, expires_in_days=0)
    assert (report.letters, report.chunks, report.covers) == (2, 1, 0)
