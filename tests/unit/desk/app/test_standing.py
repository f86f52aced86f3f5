from silent_courier.desk.app.standing import Standing, parse_standing


def test_what_is_handed_on_is_read_as_it_was() -> None:
    standing = Standing(session="ab" * 32, failures=3, not_before=17.5, language="ru", broke=True)
    assert standing.encode().count(b"\n") == 1
    assert parse_standing(standing.encode()) == standing


def test_who_watches_hears_of_each_change() -> None:
    heard: list[int] = []
    standing = Standing()
    standing.change(failures=1)
    standing.watch(lambda changed: heard.append(changed.failures))
    standing.change(failures=2)
    standing.change(failures=0)
    assert heard == [2, 0]
