from silent_courier.desk.first_line import FIRST_LINE_LEN, first_line


def test_a_first_line_has_no_breaks_and_is_short() -> None:
    assert first_line("Добрый\n\n  день \t, коллеги") == "Добрый день , коллеги"
    long = first_line("слово " * 100)
    assert (len(long), long[-1]) == (FIRST_LINE_LEN, "…")
