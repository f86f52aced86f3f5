"""What follows from what, on rules small enough to check by hand."""

from model.saturate import Rule, conditions, saturate
from model.terms import parse_terms

KEY = Rule("step", "key(W) & next(W, V)", "key(V)")
WEEKS = "next(w0, w1) & next(w1, w2)"


def test_a_rule_is_used_until_nothing_is_new() -> None:
    known = saturate(parse_terms(f"key(w0) & {WEEKS}"), [KEY])
    assert ("key", "w2") in known
    assert known["key", "w2"].premises == (("key", "w1"), ("next", "w1", "w2"))


def test_one_way_is_one_way() -> None:
    known = saturate(parse_terms(f"key(w1) & {WEEKS}"), [KEY])
    assert ("key", "w2") in known
    assert ("key", "w0") not in known


def test_circles_end() -> None:
    rules = [Rule("there", "a", "b"), Rule("back", "b", "a")]
    assert set(saturate(parse_terms("a"), rules)) == {("a",), ("b",)}


def test_a_rule_without_premises_holds_for_everybody() -> None:
    assert ("b",) in saturate((), [Rule("free", "", "b")])


def test_a_longer_way_without_condition_beats_a_short_one_with() -> None:
    rules = [Rule("lucky", "a", "c", "lucky"), Rule("one", "a", "b"), Rule("two", "b", "c")]
    assert conditions(("c",), saturate(parse_terms("a"), rules)) == ()


def test_conditions_add_up_along_the_way() -> None:
    rules = [Rule("one", "a", "b", "early"), Rule("two", "b", "c", "late"), Rule("3", "c", "d")]
    assert set(conditions(("d",), saturate(parse_terms("a"), rules))) == {"early", "late"}
