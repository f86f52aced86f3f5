"""Facts and patterns: `thread_key(g1, w0)`, where a capital letter begins a variable.

A rule's premises, and what it concludes, are patterns joined by `&`; every variable of a conclusion
stands in a premise.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

Term = tuple[str, ...]
Binding = Mapping[str, str]

_TERM = re.compile(r"(\w+)(?:\(([\w, ]+)\))?")


@cache
def parse_terms(text: str) -> tuple[Term, ...]:
    """The terms in `a & b(X, y)`; none in the empty text."""
    return tuple(_parse_term(part.strip()) for part in text.split("&")) if text else ()


def format_term(term: Term) -> str:
    """The term as it is written in the tables."""
    return f"{term[0]}({', '.join(term[1:])})" if len(term) > 1 else term[0]


def match(pattern: Term, fact: Term, binding: Binding) -> Binding | None:
    """The binding under which the pattern is the fact, with what was bound before; or None."""
    if len(pattern) != len(fact) or pattern[0] != fact[0]:
        return None
    bound = dict(binding)
    for wanted, given in zip(pattern[1:], fact[1:], strict=True):
        if (bound.setdefault(wanted, given) if wanted[0].isupper() else wanted) != given:
            return None
    return bound


def fill(pattern: Term, binding: Binding) -> Term:
    """The pattern with its variables replaced; KeyError for one that is not bound."""
    head, *arguments = pattern
    return (head, *(binding[a] if a[0].isupper() else a for a in arguments))


def variables(terms: Iterable[Term]) -> frozenset[str]:
    """The variables in these terms."""
    return frozenset(a for term in terms for a in term[1:] if a[0].isupper())


def _parse_term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError("a term is a name, or a name with arguments in brackets")
    arguments = found[2].split(",") if found[2] else []
    return (found[1], *(argument.strip() for argument in arguments))
