"""Supervision of bills and records (医保基金监管): what is false and found is paid back and fined.

A bureau audits a share of cases by hand and a platform reads the data of a share of the others; of what is false in the
cases seen, a share is detected. The law of large numbers is taken at its word: of the excess, the expected share is
found, without a draw, so a fine is smooth in conduct. What was paid too much goes back to the fund; the fine, so many
times it, goes to the government (State Council Decree 735 of 2021, Regulation on Supervision of Healthcare Security
Funds, article 40: two to five times; fines go to the treasury).

A platform may do more (协同监管). An alert finds steps down on record whose patient is still billed at the hospital
(下转预警). And patients turned away (推诿患者) are found: by a hospital for what they cost, or by a centre that could
have cared for the rest of a stay and did not take it; for each an amount is deducted from what the fund pays the place.
It expects that, so turning one away costs it `refusal` · the share found.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from simulator.core.fields import Block
from simulator.core.jit import compiled
from simulator.core.money import FEN, Transfer, rounded
from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.core.units import Money, Share, Times
from simulator.declare.books import BOOKS
from simulator.declare.counts import Count
from simulator.declare.rows import episode, family
from simulator.services.paying import over_plans
from simulator.services.service import Billed, Service

CASES, DAYS, WEIGHT, CODED, SPLIT, SPLIT_WEIGHT, IDLE = (
    BOOKS[name] for name in ("cases", "days", "weight", "coded", "split", "split_weight", "idle")
)


def codes(counts: np.ndarray) -> None:
    """Upcoding undone: no more weight than there was, but for what stays billed as two brought."""
    counts[:, CODED] = np.minimum(counts[:, CODED], counts[:, WEIGHT] + counts[:, SPLIT_WEIGHT])


def splits(counts: np.ndarray) -> None:
    """Splitting undone: the second halves are no cases and have no weight."""
    counts[:, CASES] -= counts[:, SPLIT]
    counts[:, CODED] -= np.minimum(counts[:, SPLIT_WEIGHT], counts[:, CODED])


def idle_days(counts: np.ndarray) -> None:
    """Empty beds undone."""
    counts[:, DAYS] -= counts[:, IDLE]


KINDS = (("", codes), (":split", splits), (":idle_days", idle_days))
"""Ending of the words of the ledger, and what undoes a kind of false entry in counts (C, len(COUNTED))."""


class Supervision(Block):
    """Supervision by hand (audits) and by data (智能监管)."""

    audited: Share
    """Share of cases that are audited by hand."""
    detects: Share
    """Share of what is false in the cases seen that is found."""
    fine: Times
    """Fine as a multiple of what was paid too much, on top of paying it back."""
    data: Share = 0.0
    """Share of the other cases whose data a platform checks as well as an audit does."""
    alerts: Share = 0.0
    """Share of false steps down found by an alert, beside what is found otherwise (下转预警)."""
    refusal: Money = 0
    """Deducted from what the fund pays for each patient found to have been turned away, fen (推诿患者)."""

    def seeing(self, share: float) -> "Supervision":
        """The same where records are open to others: a platform checks this ``share`` of what it did not see."""
        return self.model_copy(update={"data": self.data + (1 - self.data) * share})

    @property
    def found(self) -> float:
        """Chance that a false entry is found."""
        return (self.audited + (1 - self.audited) * self.data) * self.detects

    @property
    def penalty(self) -> float:
        """What a provider expects each fen that a false entry brings to cost it: paid back with the fine, if found."""
        return self.found * (1 + self.fine)

    @property
    def record_penalty(self) -> float:
        """The same of a step down that is only on record, which an alert may find too."""
        return (1 - (1 - self.found) * (1 - self.alerts)) * (1 + self.fine)

    def expected_cost(self, per_weight: np.ndarray) -> np.ndarray:
        """What a provider expects one unit of weight coded too high to cost it, fen per unit, in the shape of what that
        unit earns it, ``per_weight``: the believed income of one more unit of coded weight."""
        return self.penalty * per_weight

    def finds(self, billed: Billed) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
        """By kind, ending of its words in the ledger, repayment and fine after a month, int64 fen by cell (n,) each.

        What was paid too much is the difference between the fund's part as booked and as it should have been booked;
        what is undone for one kind stays undone for the next, so no fen is asked back twice.
        """
        counts = billed.counts
        suspect = (counts[:, CODED] > counts[:, WEIGHT]) | (counts[:, SPLIT] > 0) | (counts[:, IDLE] > 0)
        cells = np.flatnonzero(suspect)
        true = counts[cells]
        now = billed.fund_pays(cells, true)
        for kind, undo in KINDS:
            undo(true)
            before, now = now, billed.fund_pays(cells, true)
            repaid = np.zeros(len(counts), np.int64)
            repaid[cells] = rounded(self.found * np.maximum(0, before - now))
            yield kind, repaid, rounded(self.fine * repaid)

    def for_records(self, activity: Mapping[str, np.ndarray], facilities: int) -> np.ndarray:
        """What steps down that are only on record cost after a month, int64 fen (F,), all to the government: what the
        records were worth to the hospital, and the fine. No bill stands behind them that a fund could ask back."""
        none = np.zeros(facilities)
        false, worth = (activity.get(name, none) for name in ("false_down", "record_worth"))
        return rounded(self.record_penalty * false * worth)

    def for_refusals(self, activity: Mapping[str, np.ndarray], facilities: int) -> np.ndarray:
        """What is deducted for patients turned away in a month, int64 fen (F,)."""
        none = np.zeros(facilities)
        refused = sum(activity.get(name, none) for name in ("turned_away", "not_taken"))
        return rounded(self.found * self.refusal * refused)


SERVICE = Service(
    source="State Council Decree 735 (2021); rates by judgement",
    terms=Supervision,
    example="""
baseline:
  services:
    supervision: {audited: 10%, detects: 50%, fine: 5 times, data: 50%, alerts: 60%, refusal: 2000 yuan}
""",
    facilities=(Column("refusals_watched", "i8", "0 or 1", "patients turned away from here are looked for"),),
    episodes=(Column("declined", "i1", "0 or 1", "not taken for the rest of the stay by a centre that could"),),
    when={"declined": "receiver.refusals_watched == 1"},
    events=(
        Count(
            "not_taken", "patients to be stepped down whom this centre could have cared for and did not take",
            family.place[CENTRE], when=episode.declined == 1,
        ),
    ),
    # that it finds nothing does not show that it is without use: it deters
    beforehand=("supervision_of_nothing",),
)  # fmt: skip


def enforce(facilities, terms, offers):
    """Where a deduction is made for them, patients turned away are counted."""
    facilities["refusals_watched"] = terms is not None and terms.refusal > 0


@compiled
def declined(episode, receiver):
    """Note it."""
    episode.declined = 1


def believe(beliefs, terms):
    """A provider expects what is false to cost it what it brings, as often as it is found, and the fine."""
    beliefs["fine"] = terms.expected_cost(beliefs["weight"]) if terms else 0.0
    beliefs["penalty"] = terms.penalty if terms else 0.0
    beliefs["record_penalty"] = terms.record_penalty if terms else 0.0
    beliefs["refusal"] = terms.found * terms.refusal / FEN if terms else 0.0


def settle(terms, billed):
    """What is found goes back to the fund, by kind of false entry; fines go to the government."""
    market = billed.market
    records = terms.for_records(market.activity, len(market.tier))
    yield Transfer("facility", "government", "fine:false_referral", records)
    if terms.refusal:
        deducted = over_plans(billed, terms.for_refusals(market.activity, len(market.tier)))
        yield Transfer("facility", "fund", "deducted:refusals", deducted)
    for kind, repaid, fine in terms.finds(billed):
        yield Transfer("facility", "fund", f"audit{kind}", market.by_plan(repaid))
        yield Transfer("facility", "government", f"fine{kind}", market.by_plan(fine).sum(axis=1))
