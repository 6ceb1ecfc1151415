"""A calendar year under a settlement, month by month, and what one more of everything changes in it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.core.names import CENTRE, CONTINUED, INPATIENT, OUTPATIENT
from simulator.payment import price
from simulator.payment.books import CASES, CH_DRUGS, CODED, COVERED, DAYS, MOVED, OUTSIDE, SELF
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.rule import Beliefs, SettlementRule

Change = Callable[[int, np.ndarray, Market], Market]
"""Given the calendar month, its counts (changed in place) and its facts, the facts as changed."""


class Place:
    """A world whose hospitals are paid by weight and clinics by what they bill."""

    def __init__(self, world, seed: int):
        self.world, self.seed = world, seed
        self.mine = np.ones(len(world.cells), bool)
        facts = world.market(seed=seed)
        stays = world.cells["care"] == INPATIENT
        self.tariff = facts.tariff(
            share=np.where(world.cells["care"] == OUTPATIENT, 1.0, 0.0),
            per_weight=np.where(stays, 1_500_000.0 * world.catalogue, 0.0),
        )
        self.history = world.history(seed, 12, self.fund)
        visits = np.where(world.cells["care"] == OUTPATIENT, self.history.year[:, CASES], 0)
        asked = price.by_row(visits, world.cells["facility"], len(world.tier)) * (world.tier <= CENTRE) // 20
        hospitals = np.random.default_rng([seed, 3]).integers(20, 60, len(world.tier)) * (world.tier > CENTRE)
        self.activity = {
            "outreach_hours": hospitals / 4,
            "recorded_down": hospitals,
            "consulted": asked,
            "read": np.floor(asked.sum() * hospitals / hospitals.sum()).astype(np.int64),
        }

    def fund(self, counts: np.ndarray) -> np.ndarray:
        return price.fund_part(price.allowed(self.tariff, counts), counts)

    def market(self, calendar: int) -> Market:
        return replace(self.world.market(calendar, self.seed), levels={}, activity=self.activity)

    def fund_beliefs(self) -> Beliefs:
        """What one more fen of drugs, and one more unit of weight, costs the fund, fen (C,)."""
        year, catalogue = self.history.year, self.world.catalogue
        self_pays = year[:, SELF] / np.maximum(1, year[:, COVERED])
        billed = catalogue * np.where(self.world.cells["care"] == OUTPATIENT, 1 - self_pays, -self_pays)
        billed[self.world.cells["care"] == CONTINUED] = 0
        return {("doer", "drugs"): billed, ("doer", "weight"): self.tariff.per_weight}

    def books(self, calendar: int) -> Books:
        """Closed at the start of the month."""
        books = self.history.copy()
        for month in range(1, calendar):
            counts = self.world.counts(self.seed * 100 + month)
            books.add(counts, self.fund(counts), month)
        return books

    def year(self, rule: SettlementRule, change: Change = lambda month, counts, facts: facts) -> np.ndarray:
        """What each facility and its doctors get of the settlements of a calendar year, fen (F,)."""
        books, gained = self.history.copy(), np.zeros(len(self.world.tier))
        for calendar in range(1, 13):
            counts = self.world.counts(self.seed * 100 + calendar)
            facts = change(calendar, counts, self.market(calendar))
            books.add(counts, self.fund(counts), calendar)
            for t in rule.settle(facts, books, np.zeros(len(gained), np.int64), self.mine):
                fen = t.fen.sum(axis=1) if t.fen.ndim == 2 else t.fen
                for word, sign in ((t.payee, 1), (t.payer, -1)):
                    if word in ("facility", "doctors"):
                        gained += sign * fen
        return gained


def margin(world, fen: int) -> np.ndarray:
    """The same margin everywhere, fen (F,)."""
    return np.full(len(world.tier), fen, np.int64)


# One more of each entry: how much more it is by cell or by facility, and the change that makes it so.


def billed_more(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
    """A thousand yuan of drugs in one cell, of which patients pay what they paid in the last year."""
    fen, year, outside = 100_000, place.books(month).year[at], round(100_000 * (1 - place.world.catalogue[at]))
    more = [(CH_DRUGS, fen), (OUTSIDE, outside), (COVERED, fen - outside)]
    more.append((SELF, round((fen - outside) * year[SELF] / year[COVERED])))

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        if calendar == month:
            for column, amount in more:
                counts[at, column] += amount
        return facts

    return np.where(np.arange(len(place.mine)) == at, fen, 0), change


def coded_more(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
    """A unit of weight in one cell."""

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        counts[at, CODED] += 1000 * (calendar == month)
        return facts

    return np.where(np.arange(len(place.mine)) == at, 1, 0), change


def counted_more(column: int, care: int) -> Callable[[Place, int, int], tuple[np.ndarray, Change]]:
    """Ten more of something counted, in one cell of a setting of care."""

    def make(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
        cells = np.flatnonzero(place.world.cells["care"] == care)
        cell = cells[at % len(cells)]

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            counts[cell, column] += 10 * (calendar == month)
            return facts

        return np.where(np.arange(len(place.mine)) == cell, 10, 0), change

    return make


def moved_more(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
    """Twice as many patients moved in the month, each for as long as in the last year."""
    going_on = place.world.cells["care"] == CONTINUED
    year, now = place.books(month).year, place.world.counts(place.seed * 100 + month)[:, MOVED]
    plan = place.world.cells["plan"]
    days, weight = (np.bincount(plan, np.where(going_on, year[:, c], 0)) for c in (DAYS, MOVED))

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        if calendar == month:
            counts[:, MOVED] += now
            counts[:, DAYS] += np.where(going_on, now * (days / weight)[plan], 0).astype(np.int64)
        return facts

    return now / 1000, change


def done_more(*what: str) -> Callable[[Place, int, int], tuple[np.ndarray, Change]]:
    """A hundred more of a deed at one facility that does it, by cell; of what answers it, as many in all."""

    def make(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
        does = np.flatnonzero(place.activity[what[0]])
        who = does[at % len(does)]
        activity = place.activity | {what[0]: place.activity[what[0]] + 100 * (np.arange(len(place.world.tier)) == who)}
        for other in what[1:]:
            usual = place.activity[other]
            activity[other] = usual + 100 * usual / usual.sum()
        cells = place.world.cells
        care = INPATIENT if what[0] == "recorded_down" else OUTPATIENT
        first = np.flatnonzero((cells["facility"] == who) & (cells["care"] == care))[0]

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            return replace(facts, activity=activity) if calendar == month else facts

        return np.where(np.arange(len(cells)) == first, 100, 0), change

    return make


def hours_more(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
    units, change = done_more("outreach_hours")(place, month, at)
    return price.by_row(units, place.world.cells["facility"], len(place.world.tier)), change


def people_more(count: str, per_year: int = 1) -> Callable[[Place, int, int], tuple[np.ndarray, Change]]:
    """Ten more people of a count of the panel at one centre, all the year."""

    def make(place: Place, month: int, at: int) -> tuple[np.ndarray, Change]:
        centres = np.flatnonzero(place.world.tier == CENTRE)
        who = centres[at % len(centres)]

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            people = getattr(facts.panel, count).copy()
            people[(who, 0) + (0,) * (people.ndim - 2)] += 10
            return replace(facts, panel=replace(facts.panel, **{count: people}))

        return np.where(np.arange(len(place.world.tier)) == who, 10 * per_year, 0), change

    return make


ENTRIES: dict[tuple[str, str], Callable[[Place, int, int], tuple[np.ndarray, Change]]] = {
    ("doer", "drugs"): billed_more,
    ("doer", "weight"): coded_more,
    ("doer", "visit"): counted_more(CASES, OUTPATIENT),
    ("doer", "case"): counted_more(CASES, INPATIENT),
    ("doer", "day"): counted_more(DAYS, INPATIENT),
    ("doer", "consult"): done_more("consulted", "read"),
    ("doer", "read"): done_more("read", "consulted"),
    ("doer", "recorded_down"): done_more("recorded_down"),
    ("panel", "outreach"): hours_more,
    ("panel", "head"): people_more("heads"),
    ("panel", "signed"): people_more("signed"),
    ("panel", "served"): people_more("served"),
    ("panel", "managed"): people_more("managed", per_year=12),
    ("panel", "controlled"): people_more("controlled"),
}
MOVES = {("doer", "moved_out"), ("doer", "moved_in")}
"""Both change at once when a patient moves."""
