"""What one more of each thing earns under a rule: its beliefs in a usual place after a usual year.

The place is one facility of every tier at the prices of the base scenario, one usual case group, one plan; patients pay
a third of what is covered. Nothing here knows a rule by name.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.core.messages import say
from simulator.core.money import FEN
from simulator.core.names import CARE, CENTRE, CONTINUED, INPATIENT, OUTPATIENT, PARTS, TIERS
from simulator.payment import books
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.panel import CLASSES, Panel
from simulator.payment.price import allowed, fund_part
from simulator.payment.rule import Beliefs, BudgetRule, Rule, SettlementRule, TariffRule
from simulator.scenario.resolve.scope import SETTINGS

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.scenario.schema.rules import Scope
    from simulator.scenario.schema.scenario import Scenario

SHOWN = TIERS[:4]
CASES_A_MONTH = {OUTPATIENT: 1000, INPATIENT: 60, CONTINUED: 6}
VISIT_AT_CENTRE = 12_000
"""Fen: a usual visit at the price list of a centre."""
USUAL_DAYS = 8
PATIENT_PAYS = 1 / 3
PACES = (0.05, 0.0, -0.05)
"""Expected surplus, as a share of the budget, at which the worth of a fen left is told."""
HEADS, LEVEL = 40, 0.4


def usual_market(scenario: "Scenario") -> Market:
    """A facility of every tier at the prices of ``scenario``, one case group, one plan."""
    tier = np.arange(len(SHOWN))
    cells, _ = books.cells(tier, 1, 1, tier)
    rows = [scenario.facilities[name] for name in SHOWN]
    outpatient = np.array([VISIT_AT_CENTRE * row.outpatient_price for row in rows])[cells["facility"]]
    inpatient = np.array([float(row.inpatient_price) for row in rows])[cells["facility"]]
    panel = Panel.empty(len(tier), 1)
    panel.heads[:2], panel.registered[:2], panel.signed[:2] = HEADS, HEADS, HEADS // 2
    panel.served[:2], panel.diagnosed[:2] = HEADS * CLASSES // 4, HEADS * CLASSES // 2
    panel.managed[:2], panel.controlled[:2] = HEADS * CLASSES // 5, HEADS * CLASSES // 8
    return Market(
        cells=cells,
        weight=np.ones(len(cells)),
        charge=np.where(cells["care"] == OUTPATIENT, outpatient, inpatient),
        catalogue=np.array([1 - row.outside_catalogue for row in rows])[cells["facility"]],
        tier=tier,
        doctors=np.array([10.0, 20.0, 100.0, 300.0]),
        plans=1,
        month=0,
        calendar=1,
        groups=(scenario.illness.groups[0],),
        beds=np.array([0.0, 20.0, 200.0, 600.0]),
        panel=panel,
        levels={name: np.full(len(tier), LEVEL) for name in LEVELS},
    )


LEVELS = ("control_share", "managed_share", "served_share", "contract_share", "satisfaction")


def usual_month(market: Market, scenario: "Scenario") -> np.ndarray:
    """Counts of a month in which everything is as usual, int64 (C, len(COUNTED))."""
    cells = market.cells
    counts = np.zeros((len(cells), len(books.COUNTED)), np.int64)
    cases = np.array([CASES_A_MONTH[care] for care in range(len(CARE))])[cells["care"]]
    charge = np.rint(cases * market.charge).astype(np.int64)
    counts[:, books.CASES] = cases
    for n, cell in enumerate(cells):
        row = scenario.facilities[TIERS[cell["tier"]]]
        parts = row.outpatient_parts if cell["care"] == OUTPATIENT else row.inpatient_parts
        split = [int(charge[n] * parts[part]) for part in PARTS[:2]]
        counts[n, books.CH_DRUGS : books.CH_LABOUR + 1] = [*split, charge[n] - sum(split)]
    counts[:, books.OUTSIDE] = np.rint(charge * (1 - market.catalogue))
    counts[:, books.COVERED] = charge - counts[:, books.OUTSIDE]
    counts[:, books.SELF] = np.rint(counts[:, books.COVERED] * PATIENT_PAYS)
    stays = cells["care"] != OUTPATIENT
    counts[:, books.DAYS] = np.where(stays, cases * USUAL_DAYS, 0)
    counts[:, books.WEIGHT] = np.where(stays, cases * 1000, 0)
    counts[:, books.CODED] = np.where(cells["care"] == INPATIENT, cases * 1000, 0)
    centre = cells["tier"] == CENTRE
    counts[:, books.MOVED] = np.where(
        stays, np.where((cells["care"] == CONTINUED) & centre, 6000, (cells["tier"] > CENTRE) * 3000), 0
    )
    return counts


def usual_deeds(market: Market) -> dict[str, np.ndarray]:
    """What was done in such a month, by facility, as far as rules read it of closed months; the moved weigh 1 each."""
    hospital, primary = market.tier > CENTRE, market.tier <= CENTRE
    return {
        "went_up": np.where(primary, 20, 0),
        "received_up": np.where(hospital, 20, 0),
        "moved": np.where(hospital, 3, 0),
        "taken_over": np.where(market.tier == CENTRE, 6, 0),
        "both_ways": np.where(hospital, 1, np.where(market.tier == CENTRE, 2, 0)),
    }


def beliefs_of(rule: Rule, market: Market, scenario: "Scenario", mine: np.ndarray) -> Beliefs:
    """What the rule makes a usual place believe of its cells ``mine`` (C,) after two usual years; a settlement lies
    above fee for service."""
    counts = usual_month(market, scenario)
    history = Books()
    tariff = rule.tariff(market) if isinstance(rule, TariffRule) else market.tariff(share=np.ones(len(mine)))
    for month in range(24):
        history.add(counts, fund_part(allowed(tariff, counts), counts), month % 12 + 1, activity=usual_deeds(market))
    if isinstance(rule, TariffRule):
        return rule.believed(market, history, mine)
    fund = {("doer", part): market.catalogue * (1 - PATIENT_PAYS) for part in PARTS}
    return rule.believed(market, history, fund, mine) if isinstance(rule, SettlementRule) else {}


def earns(rule: Rule, scenario: "Scenario", scope: "Scope | str" = "all") -> Iterator[tuple[str, list[float]]]:
    """(action, yuan by tier of ``SHOWN``): what one more of each earns the place that does it, nothing left out but
    zeros. Of the scope only tiers and settings of care count."""
    market = usual_market(scenario)
    cells, none = market.cells, np.zeros(len(market.cells))
    tiers = [TIERS.index(tier) for tier in getattr(scope, "tiers", None) or SHOWN]
    settings = [code for word in getattr(scope, "care", None) or SETTINGS for code in SETTINGS[word]]
    mine = np.isin(cells["tier"], tiers) & np.isin(cells["care"], settings)
    believed = beliefs_of(rule, market, scenario, mine)

    def at(values: np.ndarray, care: int) -> np.ndarray:
        found = np.zeros(len(SHOWN))
        rows = cells["care"] == care
        found[cells["facility"][rows]] = values[rows]
        return found / FEN

    def doer(entry: str) -> np.ndarray:
        return np.where(mine, believed.get(("doer", entry), none), 0.0)

    def bill(care: int) -> np.ndarray:
        parts = [scenario.facilities[name] for name in SHOWN]
        total = np.zeros(len(SHOWN))
        for part in PARTS:
            share = [(row.outpatient_parts if care == OUTPATIENT else row.inpatient_parts)[part] for row in parts]
            total += at(doer(part) * market.charge, care) * np.array(share)
        return total

    actions = {
        "visit": at(doer("visit"), OUTPATIENT) + bill(OUTPATIENT),
        "admission": at(doer("case") + doer("weight"), INPATIENT) + bill(INPATIENT),
        "day": at(doer("day"), INPATIENT),
        "tests_out": at(doer("tests"), OUTPATIENT) * FEN * 100,
        "tests_in": at(doer("tests"), INPATIENT) * FEN * 100,
        "moved_out": at(doer("moved_out"), INPATIENT),
        "moved_in": at(doer("moved_in"), CONTINUED),
        "referred_up": at(doer("referred_up"), OUTPATIENT),
        "consult": at(doer("consult"), OUTPATIENT),
        "read": at(doer("read"), OUTPATIENT),
    }
    for entry in ("head", "signed", "served", "managed", "controlled", "elsewhere", "outreach"):
        found = believed.get(("panel", entry))
        if found is not None:
            actions[entry] = np.asarray(found, float) * (100 if entry == "elsewhere" else 1 / FEN)
    for action, yuan in actions.items():
        if np.abs(yuan).max() > 0.005:
            yield action, [float(value) for value in yuan]


def earns_table(rule: Rule, scenario: "Scenario", scope: "Scope | str" = "all") -> "Table | None":
    """What one more of each earns, yuan; None for a rule that makes nothing worth more or less."""
    from rich.table import Table

    rows = list(earns(rule, scenario, scope))
    if isinstance(rule, BudgetRule):
        made = Table(box=None, pad_edge=False)
        made.add_column(say("report.earns_pace"))
        made.add_column(say("report.earns_worth"), justify="right")
        for pace in PACES:
            made.add_row(f"{100 * pace:+g} %", f"{rule.worth(pace, 1.0):.2f}")
        return made
    if not rows:
        return None
    made = Table(box=None, pad_edge=False)
    made.add_column(say("report.earns"))
    for tier in SHOWN:
        made.add_column(say(f"tier.{tier}"), justify="right")
    for action, yuan in rows:
        made.add_row(say(f"report.earns_{action}"), *(f"{value:,.2f}" if value else "–" for value in yuan))
    return made
