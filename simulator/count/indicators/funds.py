"""What funds and pools keep; income and payments are the ledger's."""

from collections.abc import Iterator

import numpy as np

from simulator.core.messages import Text
from simulator.core.money import FEN
from simulator.count.indicators.month import MONTHS, Month
from simulator.declare.indicator import Figure, Indicator, Subject, in_turns, whole


def subsidy(month: Month) -> tuple[float, float]:
    """Yuan paid by the government, and person-years."""
    world = month.world
    rows = world.tally.ledger.postings
    public = rows["payer"] == world.accounts.government
    return rows["fen"][public].sum() / FEN, float(world.financing.persons.sum()) / MONTHS


PAYERS = ("families", "employers", "government", "donors")
"""Accounts from which all money for health comes; what insurers' owners put in or take out is none of it."""


def out_of_pocket(month: Month) -> tuple[float, float]:
    """Fen that families pay at facilities, less what relief gives them back, and all that is raised for health."""
    world = month.world
    rows, ledger = world.tally.ledger.postings, world.ledger
    paying, place = np.zeros((2, len(ledger.accounts)), bool)
    paying[[ledger.index[name] for name in PAYERS]] = True
    place[world.accounts.facility] = True
    fen, families = rows["fen"], rows["payer"] == world.accounts.families
    back = rows["payee"] == world.accounts.families
    raised = paying[rows["payer"]] & ~back
    cash = families & place[rows["payee"]]
    relief = back & (rows["kind"] == ledger.kinds.index("relief")) if "relief" in ledger.kinds else np.zeros_like(back)
    return float(fen[cash].sum() - fen[relief].sum()), float(fen[raised].sum() - fen[back].sum())


def surplus(month: Month) -> Iterator[Figure]:
    """Income of the month less its payments, by plan."""
    world = month.world
    rows, kinds = world.tally.ledger.postings, world.ledger.kinds
    income = np.zeros(len(world.ledger.accounts), np.int64)
    financed = np.array([kind in ("premium", "contribution", "subsidy") for kind in kinds], bool)[rows["kind"]]
    np.add.at(income, rows["payee"][financed], rows["fen"][financed])
    for p, plan in enumerate(world.words.plans):
        earned = float(income[world.accounts.fund[p]])
        yield Figure(earned - float(world.fund_spent[-1][p]), earned, plan=plan)


def reserves(month: Month) -> Iterator[tuple[int, str, float]]:
    """Number and name of each plan and its fund's reserve at the month's end, fen."""
    closing = month.world.tally.ledger.closing
    for p, plan in enumerate(month.world.words.plans):
        yield p, plan, float(closing[month.world.accounts.fund[p]])


def in_months(month: Month) -> Iterator[Figure]:
    """Reserves over the payments of the months counted."""
    spent = month.world.fund_spent
    total = np.sum(spent, axis=0)
    for p, plan, reserve in reserves(month):
        yield Figure(reserve * len(spent), float(total[p]), plan=plan)


def ruined(month: Month) -> Iterator[Figure]:
    """Whether each reserve is below zero."""
    for _, plan, reserve in reserves(month):
        yield Figure(float(reserve < 0), 1.0, plan=plan)


def kept(month: Month) -> Iterator[Figure]:
    """What each pool keeps of its instalments."""
    for pool in month.world.pools:
        paid, spent = pool.last
        yield Figure(float(paid - spent), float(paid), alliance=pool.name)


subsidy_need = Indicator(
    "subsidy_need",
    "yuan",
    "–",
    "paid by the government, fines not taken off",
    "persons / 12",
    Text("public money per head, yuan", "人均财政投入（元）"),
    whole(subsidy),
    better=-1,
)
out_of_pocket_share_of_total = Indicator(
    "out_of_pocket_share_of_total",
    "share",
    "–",
    "paid by families at facilities, less relief: without premiums",
    "all that families, employers, government and donors pay for health: premiums, contributions, subsidies, donations "
    "and what families pay at facilities; as total health expenditure by source (卫生总费用来源法) without investment, "
    "pharmacies and personal accounts that the place does not have",
    Text("out of pocket, of total health expenditure", "个人卫生支出占卫生总费用比重"),
    whole(out_of_pocket),
    better=-1,
)
fund_surplus_rate = Indicator(
    "fund_surplus_rate",
    "share",
    "plan",
    "income of the month less payments, net of caps and audits, before an adjustment fund",
    "income",
    Text("surplus of the fund", "基金当期结余率"),
    surplus,
    better=1,
    unbounded=True,
)
reserve_months = Indicator(
    "reserve_months",
    "months",
    "plan",
    "reserve at the month's end × months counted (at most 12)",
    "payments of those months",
    Text("reserve of the fund, months", "基金累计结余可支付月数"),
    in_months,
    better=1,
    period="last",
)
ruin_probability = Indicator(
    "ruin_probability",
    "share",
    "plan",
    "1 if the reserve is below zero; the mean over replications is the probability",
    "1",
    Text("replications in which the fund runs dry", "基金穿底概率"),
    ruined,
    better=-1,
    period="max",
)
budget_surplus_rate = Indicator(
    "budget_surplus_rate",
    "share",
    "alliance",
    "instalments of the month less the bills that the pool paid, net of what tariff rules took back",
    "instalments of the month",
    Text("surplus of the budget", "预算结余率"),
    kept,
    better=1,
    unbounded=True,
)
FUNDS = Subject(
    "Funds",
    subsidy_need,
    out_of_pocket_share_of_total,
    fund_surplus_rate,
    reserve_months,
    ruin_probability,
    rows=(subsidy_need, out_of_pocket_share_of_total, in_turns(fund_surplus_rate, reserve_months, ruin_probability)),
)
BUDGETS = Subject("Budgets of alliances", budget_surplus_rate)
