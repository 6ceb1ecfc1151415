"""Decisions that agents make by the rules, and who makes them otherwise.

A decision is a method marked `by_rule`. It is overridden by a class that replaces it or by an attribute of that name on
one agent (``model.facilities[0].decide = ...``), set between any two months. Only agents who override are asked; for
all others the compiled rule does the same.
"""

from collections.abc import Callable, Iterable

_BY_RULE: set[Callable] = set()


def by_rule[M: Callable](method: M) -> M:
    """Mark a method as the decision that the rules make."""
    _BY_RULE.add(method)
    return method


def replaced(kind: type, decisions: frozenset[str]) -> frozenset[str]:
    """Those of the ``decisions`` that a class does not leave to the rules."""
    return frozenset(name for name in decisions if getattr(kind, name) not in _BY_RULE)


def overriding[A](agents: Iterable[A], decisions: frozenset[str]) -> dict[str, list[A]]:
    """Agents who override each of the ``decisions``, in their order."""
    found: dict[str, list[A]] = {name: [] for name in decisions}
    kinds: dict[type, frozenset[str]] = {}
    for agent in agents:
        kind = type(agent)
        names = kinds.get(kind)
        if names is None:
            names = kinds[kind] = replaced(kind, decisions)
        own = vars(agent)
        if not decisions.isdisjoint(own):
            names = names | (decisions & own.keys())
        for name in names:
            found[name].append(agent)
    return found
