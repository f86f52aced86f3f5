from silent_courier.desk.reasons import READ_AGAIN, Reason


def test_every_reason_has_its_sentence() -> None:
    sentences = {reason.sentence for reason in Reason}

    assert len(sentences) == len(Reason)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_what_only_an_enemy_does_is_an_alarm() -> None:
    assert Reason.ANOTHER_THREAD_KEY.is_alarm
    assert Reason.REWRITTEN.is_alarm
    assert not Reason.MALFORMED_PAYLOAD.is_alarm
    assert not Reason.REPEATED.is_alarm


def test_nothing_that_alarms_is_filed_later_by_itself() -> None:
    assert not any(reason.is_alarm for reason in READ_AGAIN)
