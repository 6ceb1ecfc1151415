"""What a kind of plan brings and pays, and what a form of insurer and providers makes a billed yuan worth."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.core.messages import say
from simulator.core.money import FEN
from simulator.fund.form import Form
from simulator.fund.insurers import bit_of
from simulator.fund.plan import MONTHS, Adjusting, Plan, Policy, Relief
from simulator.fund.plans.basic import Basic
from simulator.report.family_pays import bill_in_words, pay, pays_table

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario.schema.scenario import Scenario

SHARES = (0.05, 0.20, 0.50)
"""Shares of a provider's income that an insurer brings, at which a billed yuan is told."""
HUNDRED = 10_000
"""A hundred yuan, fen."""
PLENTY = 10**15
"""Fen that a fund of relief holds in an example."""


def brings_table(plan: Plan) -> "Table":
    """Yuan that one more insured, or head of the population, brings in a year, and what becomes of them."""
    from rich.table import Table

    rows: dict[str, float] = {}
    if isinstance(plan, Adjusting):
        due, drawn = plan.due(np.array([HUNDRED])), plan.drawn(np.array([HUNDRED]), PLENTY)
        rows = {"due": float(due[0]), "drawn": float(drawn[0])}
    elif isinstance(plan, Basic):
        rows = {"premium": plan.premium, "employer": plan.employer, "subsidy": plan.subsidy, "for_claims": plan.income}
    elif isinstance(plan, Policy):
        kept = plan.costs(plan.premium, 1, MONTHS, float("inf"))
        rows = {"premium": plan.premium, "kept": kept, "for_claims": plan.for_claims}
    elif isinstance(plan, Relief):
        rows = {"donations": sum(plan.income(1, month) for month in range(1, MONTHS + 1))}
    made = Table(box=None, pad_edge=False)
    made.add_column(say("report.adjusts" if isinstance(plan, Adjusting) else "report.member"))
    made.add_column("", justify="right")
    for name, fen in rows.items():
        if fen:
            made.add_row(say(f"report.member_{name}"), f"{fen / FEN:,.2f}")
    return made


def plan_pays(base: "Scenario", after: "Scenario", plan: Plan) -> "list[Table | str]":
    """The plan's example bill without it and with it."""
    bill = plan.bill
    if bill is None:
        return []
    if isinstance(plan, Relief):
        own = pay(after, bill).family
        beyond = max(0, own - bill.columns["catastrophic_at"])
        table = pays_table(base, after, bill)
        table.add_row(
            say("report.bill_given_back"),
            f"{0:,.2f}",
            f"{plan.relief(np.array([beyond]), beyond, PLENTY)[0] / FEN:,.2f}",
        )
        return [bill_in_words(bill), table]
    if isinstance(plan, Policy):
        return [
            bill_in_words(bill),
            pays_table(base, after, bill._replace(columns={**bill.columns, "policies": bit_of(plan)})),
        ]
    without = bill._replace(columns={**bill.columns, "enrolled": 0})
    return [bill_in_words(bill), pays_table(after, after, bill, without)]


def form_table(form: Form) -> "Table":
    """What one more yuan billed is worth to a provider that works with the insurer, its own costs aside."""
    from rich.table import Table

    share, partner = np.array(SHARES), np.ones(len(SHARES), bool)
    worth = form.own(share, partner)[:, None] - form.cost(share, partner)
    made = Table(box=None, pad_edge=False)
    made.add_column(say("report.form_share"))
    for each in SHARES:
        made.add_column(f"{100 * each:g} %", justify="right")
    for row, name in enumerate(("good", "beyond")):
        made.add_row(say(f"report.form_{name}"), *(f"{yuan:.2f}" for yuan in worth[:, row]))
    return made
