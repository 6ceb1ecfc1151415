"""A benefit table like another plan's: what a plan does not say itself holds as that plan has it at the time."""

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.scenario.language.merge import merge, text_of
from simulator.scenario.language.strict_yaml import Map, Node

LIKE, BENEFIT = "like", "benefit"


def filled(rules: Map) -> Map:
    """Rules in force at one time with every benefit table whole; ``rules`` is not changed.

    Raises UserError for a table like that of a plan that has none, and for tables like each other in a circle.
    """
    tables = rules.items.get(BENEFIT)
    if not isinstance(tables, Map) or not any(LIKE in t.items for t in tables.items.values() if isinstance(t, Map)):
        return rules
    whole = Map(tables.place)
    for plan, at in tables.keys.items():
        whole.put(plan, _whole(tables, plan, ()), at)
    out = Map(rules.place, dict(rules.items), dict(rules.keys))
    out.put(BENEFIT, whole, rules.keys[BENEFIT])
    return out


def _whole(tables: Map, plan: str, way: tuple[str, ...]) -> Node:
    table = tables.items[plan]
    if not isinstance(table, Map) or LIKE not in table.items:
        return table  # what is no block is refused later, with its place
    node, path = table.items[LIKE], f"{BENEFIT}.{plan}.{LIKE}"
    other = text_of(node) or ""
    if other not in tables.items:
        known = [name for name in tables.items if name != plan]
        raise UserError.at(node.place, path, say("benefit_like_nothing", name=other) + near(other, known))
    if plan in way:
        raise UserError.at(node.place, path, say("benefit_like_circle", circle=" -> ".join((*way, plan))))
    base = _whole(tables, other, (*way, plan))
    return merge(base, table, ("baseline", BENEFIT, plan)) if isinstance(base, Map) else base
