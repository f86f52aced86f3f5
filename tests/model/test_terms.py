"""Facts and patterns as the tables write them."""

import pytest

from model.terms import fill, format_term, match, parse_terms


def test_terms_read_back_as_written() -> None:
    terms = parse_terms("words & thread_key(G, w0)")
    assert terms == (("words",), ("thread_key", "G", "w0"))
    assert [format_term(term) for term in terms] == ["words", "thread_key(G, w0)"]


def test_no_premise_is_no_term() -> None:
    assert parse_terms("") == ()


@pytest.mark.parametrize("text", ["a &", "a(b", "a(b)c", "a b"])
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a term is"):
        parse_terms(text)


def test_one_variable_has_one_value() -> None:
    (pattern,) = parse_terms("pair(X, X)")
    assert match(pattern, ("pair", "a", "a"), {}) == {"X": "a"}
    assert match(pattern, ("pair", "a", "b"), {}) is None
    assert match(pattern, ("pair", "a", "a"), {"X": "b"}) is None


def test_names_and_lengths_differ() -> None:
    assert match(("a", "X"), ("b", "x"), {}) is None
    assert match(("a", "X"), ("a", "x", "y"), {}) is None
    assert match(("a", "x"), ("a", "y"), {}) is None


def test_unbound_variable_cannot_be_filled() -> None:
    assert fill(("a", "X", "y"), {"X": "x"}) == ("a", "x", "y")
    with pytest.raises(KeyError):
        fill(("a", "X"), {})
