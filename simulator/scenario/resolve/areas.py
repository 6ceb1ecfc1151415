"""Areas that the rules speak of; which there are is known to the network."""

from collections.abc import Iterator

from simulator.scenario.schema.rules import Rules


def areas_named(rules: Rules) -> Iterator[tuple[str, str]]:
    """Dotted path below the rules, and area, of everything that the benefit says of areas."""
    for name, plan in rules.benefit.items():
        for area in plan.cross_region.areas if plan.cross_region else ():
            yield f"benefit.{name}.cross_region.areas", area
