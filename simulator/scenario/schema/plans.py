"""Insurance plans of a scenario: any kind that has a file in ``fund/plans/``; and which plan's fund a plan's people
have."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Annotated

from pydantic import Field

from simulator.fund.plan import found
from simulator.fund.plans.basic import Basic

Plan = Annotated[reduce(or_, found().values()), Field(discriminator="kind")]
"""A plan of any kind."""


def heads(plans: Mapping[str, Basic]) -> dict[str, str]:
    """The plan whose fund and benefit each basic plan's people have: its own, or that into which it was merged."""
    found = {}
    for name in plans:
        head = name
        while (other := plans[head].merged_into) is not None:
            head = other
        found[name] = head
    return found
