"""What follows from what somebody holds: the least fixed point of the rules.

First with all that holds without condition, then with the rest; so a fact is conditional only
where there is no way to it without a condition. Of several ways the first shortest one is kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.terms import Binding, Term, fill, match, parse_terms


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever has `given` has `gives`; `only_if` is the condition, empty for none."""

    name: str
    given: str
    gives: str
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How a fact was reached: by this rule from these facts; held from the start without rule."""

    rule: Rule | None = None
    premises: tuple[Term, ...] = ()


Knowledge = Mapping[Term, Step]


def saturate(held: Iterable[Term], rules: Sequence[Rule]) -> Knowledge:
    """Everything that follows from `held`, each fact with its step."""
    known = {fact: Step() for fact in held}
    _close(known, [rule for rule in rules if not rule.only_if])
    _close(known, rules)
    return known


def conditions(fact: Term, known: Knowledge) -> tuple[str, ...]:
    """What the way to this fact takes for granted, in order and once each."""
    rules = (step.rule for _, step in walk(fact, known) if step.rule is not None)
    return tuple(dict.fromkeys(rule.only_if for rule in rules if rule.only_if))


def walk(fact: Term, known: Knowledge) -> Iterator[tuple[Term, Step]]:
    """The way to a fact from its end to its beginnings, each fact once."""
    seen: set[Term] = set()
    waiting = [fact]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            yield current, known[current]
            waiting += reversed(known[current].premises)


def _close(known: dict[Term, Step], rules: Sequence[Rule]) -> None:
    """Add what the rules give, round by round, until a round adds nothing."""
    grew = True
    while grew:
        by_name: dict[str, list[Term]] = {}
        for fact in known:
            by_name.setdefault(fact[0], []).append(fact)
        before = len(known)
        for rule in rules:
            premises = parse_terms(rule.given)
            for binding in _bindings(premises, by_name, {}):
                used = tuple(fill(premise, binding) for premise in premises)
                for conclusion in parse_terms(rule.gives):
                    known.setdefault(fill(conclusion, binding), Step(rule, used))
        grew = len(known) > before


def _bindings(
    premises: Sequence[Term], by_name: Mapping[str, list[Term]], binding: Binding
) -> Iterator[Binding]:
    if not premises:
        yield binding
        return
    for fact in by_name.get(premises[0][0], ()):
        bound = match(premises[0], fact, binding)
        if bound is not None:
            yield from _bindings(premises[1:], by_name, bound)
