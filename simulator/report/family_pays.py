"""Who pays an example bill, before and after a benefit rule or a plan: the bill goes the way of every bill of a run."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.benefit.rule import Bill
from simulator.core import behaviour
from simulator.core.clock import CLOCK
from simulator.core.messages import say
from simulator.core.money import FEN
from simulator.core.names import CARE, TIERS
from simulator.engine.passes.billing import bill as split_bill
from simulator.engine.state.bills import BILLS
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.in_force import Cells, InForce
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.illness.case_groups import CASE_GROUPS
from simulator.population.shapes import OLDEST
from simulator.population.working_life import retirement_ages
from simulator.report.display import word
from simulator.scenario.compile.benefits import cover_of
from simulator.scenario.compile.insurers import products

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario.schema.scenario import Scenario

AREA = 1


class Paid(NamedTuple):
    """Who pays a bill; fen."""

    family: int
    fund: int
    others: dict[str, int]
    """Supplementary payers by their names, those who pay nothing left out."""
    advanced: int
    """What the family has to find before the fund pays its part back."""


def pay(scenario: "Scenario", bill: Bill) -> Paid:
    """Who pays ``bill`` under the baseline of ``scenario``."""
    rules = scenario.baseline
    cover = cover_of(rules, scenario.illness.groups, products(rules))
    tables = [table.rows(1) for table in (FAMILIES, PEOPLE, FACILITIES, CASE_GROUPS, BILLS)]
    family, person, facility, group, row = (table[0] for table in tables)
    plan, care = list(rules.basic).index(bill.plan), CARE.index(bill.care)
    person.plan, facility.tier, group.treats = plan, TIERS.index(bill.tier), bill.treats
    place = scenario.facilities[bill.tier]
    facility.outside = place.outside_catalogue
    facility.outpatient_parts[:] = facility.inpatient_parts[:] = 1 / 3
    facility.compact, facility.area, family.area = 3, AREA, 0
    facility.away = int(bill.away) << plan
    rare = RARE.rows(1)
    for name, value in bill.columns.items():
        whose = next(each for each in (person, family, rare[0]) if name in each.dtype.names)
        whose[name] = value
    clock, no_cells, lethality = CLOCK.rows(1)[0], np.zeros(1, np.int64), np.zeros(OLDEST + 1)
    clock.retires = retirement_ages()
    par, one = behaviour.row()[0], Cells(1, 1, 1)
    force = InForce(tables[2], tables[3], rare, cover, par, clock, no_cells, one, 1.0, lethality)
    row.care = care
    cash = int(split_bill(row, family, person, int(bill.referred), bill.fen, 0, 0, force))
    others = {name: int(fen) for name, fen in zip(PAYERS, row.others, strict=True) if fen}
    fund = bill.fen - cash - sum(others.values())
    region = rules.benefit[bill.plan].cross_region
    first = bill.away and region is not None and region.settled == "pay_first"
    return Paid(cash, fund, others, bill.fen if first else cash)


def pays_table(before: "Scenario", after: "Scenario", bill: Bill, bill_before: Bill | None = None) -> "Table":
    """Yuan that family, fund and others pay of a bill before and after."""
    from rich.table import Table

    old, new = pay(before, bill_before or bill), pay(after, bill)
    made = Table(box=None, pad_edge=False)
    made.add_column(say("report.bill_payer"))
    for when in ("before", "after"):
        made.add_column(say(f"report.bill_{when}"), justify="right")
    rows = [(say("report.bill_family"), old.family, new.family)]
    if (old.advanced, new.advanced) != (old.family, new.family):
        rows.append((say("report.bill_advanced"), old.advanced, new.advanced))
    rows.append((say("report.bill_fund"), old.fund, new.fund))
    rows += [
        (say(f"payer.{name}"), old.others.get(name, 0), new.others.get(name, 0))
        for name in PAYERS
        if name in old.others or name in new.others
    ]
    for title, *fen in rows:
        made.add_row(title, *(f"{value / FEN:,.2f}" for value in fen))
    return made


def bill_in_words(bill: Bill) -> str:
    """The bill in words."""
    parts = [word("care", bill.care), word("tier", bill.tier), say("report.bill_of", charge=f"{bill.fen / FEN:,.0f}")]
    parts.append(word("plan", bill.plan))
    parts += [say(f"report.bill_{name}") for name in ("referred", "away") if getattr(bill, name)]
    for name, value in bill.columns.items():
        yuan = f"{value / FEN:,.0f}"
        parts.append(say(f"report.bill_{name}", value=value, yuan=yuan))
    return say("report.bill", bill=", ".join(parts))
