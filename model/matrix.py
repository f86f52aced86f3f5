"""Who reaches what, with which rows of the tables in force."""

from collections.abc import Iterable, Mapping, Sequence

from model.actors import ACTORS, Actor
from model.checks import CHECKS, Check
from model.derivations import DERIVATIONS, WORLD, Derivation
from model.goals import GOALS, Goal
from model.saturate import Knowledge, Rule, conditions, saturate
from model.terms import format_term, parse_terms

NO = "no"
YES = "yes"
Matrix = Mapping[tuple[str, str], str]
Row = Derivation | Check


def rules_without(absent: Iterable[Row] = ()) -> list[Rule]:
    """Every derivation but the absent ones, and the attacks that absent checks leave open."""
    gone = frozenset(row.name for row in absent)
    rules = [row.rule for row in DERIVATIONS if row.name not in gone]
    return rules + [check.attack for check in CHECKS if check.name in gone]


def knowledge(actor: Actor, rules: Sequence[Rule]) -> Knowledge:
    """All that this attacker has in the end."""
    return saturate(parse_terms(WORLD) + parse_terms(actor.holds), rules)


def verdict(goal: Goal, known: Knowledge) -> str:
    """`no`, `yes`, or the conditions under which it is yes."""
    (fact,) = parse_terms(goal.fact)
    if fact not in known:
        return NO
    return "; ".join(conditions(fact, known)) or YES


def compute(absent: Iterable[Row] = ()) -> Matrix:
    """The verdict for every attacker and goal."""
    rules = rules_without(absent)
    known = {actor.name: knowledge(actor, rules) for actor in ACTORS}
    return {
        (actor.name, goal.name): verdict(goal, known[actor.name])
        for actor in ACTORS
        for goal in GOALS
    }


def explain(actor: Actor, goal: Goal) -> str:
    """The way to a goal as an indented tree; where there is none, the checks that close it."""
    known = knowledge(actor, rules_without())
    (fact,) = parse_terms(goal.fact)
    if fact in known:
        return "".join(_tree(fact, known, 0, set()))
    closing = [c.name for c in CHECKS if fact in knowledge(actor, rules_without([c]))]
    why = f"while these stand: {', '.join(closing)}" if closing else "and none without one check"
    return f"{format_term(fact)}: no way, {why}\n"


def _tree(fact: tuple[str, ...], known: Knowledge, depth: int, shown: set[object]) -> Iterable[str]:
    step = known[fact]
    if step.rule is None:
        why = "" if fact in parse_terms(WORLD) else " (held)"
    elif fact in shown:
        why = " (above)"
    else:
        condition = f", if {step.rule.only_if}" if step.rule.only_if else ""
        why = f" by {step.rule.name}{condition}"
    yield f"{'  ' * depth}{format_term(fact)}{why}\n"
    if fact not in shown:
        shown.add(fact)
        for premise in step.premises:
            yield from _tree(premise, known, depth + 1, shown)
