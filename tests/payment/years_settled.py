"""A calendar year under a settlement, month by month, and what one more of everything changes in it.

`PROBES` has a way to add one more of every entry of the books; a new entry needs one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simulator.core.money import share_out
from simulator.core.names import CENTRE, CONTINUED, INPATIENT, OUTPATIENT, PARTS
from simulator.payment import price
from simulator.payment.books import CASES, CH_DRUGS, CH_LABOUR, CH_TESTS, CODED, COVERED, DAYS, MOVED, OUTSIDE, SELF
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
        self.activity = self.usual_month(np.random.default_rng([seed, 3]))
        self.history.activity = 12 * (self.activity,)

    def usual_month(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """What is done in a month, by facility: as many are sent, or asked, as are received, or answered."""
        world = self.world
        visits = np.where(world.cells["care"] == OUTPATIENT, self.history.year[:, CASES], 0)
        asked = price.by_row(visits, world.cells["facility"], len(world.tier)) * (world.tier <= CENTRE) // 20
        hospitals = rng.integers(20, 60, len(world.tier)) * (world.tier > CENTRE)
        up = rng.integers(40, 90, len(world.tier)) * (world.tier <= CENTRE)
        both = hospitals // 6
        centres = (world.tier == CENTRE) * rng.integers(1, 4, len(world.tier))
        return {
            "outreach_hours": hospitals / 4,
            "recorded_down": hospitals,
            "consulted": asked,
            "read": share_out(int(asked.sum()), hospitals),
            "went_up": up,
            "received_up": share_out(int(up.sum()), hospitals),
            "moved": hospitals // 2,
            "taken_over": share_out(int((hospitals // 2).sum()), centres),
            "both_ways": both + share_out(int(both.sum()), centres),
        }

    def fund(self, counts: np.ndarray) -> np.ndarray:
        return price.fund_part(price.allowed(self.tariff, counts), counts)

    def market(self, calendar: int) -> Market:
        return replace(self.world.market(calendar, self.seed), levels={}, activity=self.activity)

    def fund_beliefs(self) -> Beliefs:
        """What one more fen billed, and one more unit of weight, costs the fund, fen (C,)."""
        year, catalogue = self.history.year, self.world.catalogue
        self_pays = year[:, SELF] / np.maximum(1, year[:, COVERED])
        billed = catalogue * np.where(self.world.cells["care"] == OUTPATIENT, 1 - self_pays, -self_pays)
        billed[self.world.cells["care"] == CONTINUED] = 0
        return {("doer", part): billed for part in PARTS} | {("doer", "weight"): self.tariff.per_weight}

    def books(self, calendar: int) -> Books:
        """Closed at the start of the month."""
        books = self.history.copy()
        for month in range(1, calendar):
            counts = self.world.counts(self.seed * 100 + month)
            books.add(counts, self.fund(counts), month, activity=self.activity)
        return books

    def year(self, rule: SettlementRule, change: Change = lambda month, counts, facts: facts) -> np.ndarray:
        """What each facility and its doctors get of the settlements of a calendar year, fen (F,)."""
        books, gained = self.history.copy(), np.zeros(len(self.world.tier))
        for calendar in range(1, 13):
            counts = self.world.counts(self.seed * 100 + calendar)
            facts = change(calendar, counts, self.market(calendar))
            books.add(counts, self.fund(counts), calendar, activity=facts.activity)
            for t in rule.settle(facts, books, np.zeros(len(gained), np.int64), self.mine):
                fen = t.fen.sum(axis=1) if t.fen.ndim == 2 else t.fen
                for word, sign in ((t.payee, 1), (t.payer, -1)):
                    if word in ("facility", "doctors"):
                        gained += sign * fen
        return gained


def margin(world, fen: int) -> np.ndarray:
    """The same margin everywhere, fen (F,)."""
    return np.full(len(world.tier), fen, np.int64)


More = tuple[np.ndarray, Change]
"""How many more, by cell (C,) or, of the panel, by facility (F,), and the change that makes it so."""
Probe = Callable[[Place, int, int], More]
"""Makes more of an entry at a place: in a month, at a cell or a facility chosen by a number."""


def billed_more(part: int) -> Probe:
    """A thousand yuan of a part of a bill in one cell, of which patients pay what they paid in the last year."""

    def make(place: Place, month: int, at: int) -> More:
        fen, year, outside = 100_000, place.books(month).year[at], round(100_000 * (1 - place.world.catalogue[at]))
        more = [(part, fen), (OUTSIDE, outside), (COVERED, fen - outside)]
        more.append((SELF, round((fen - outside) * year[SELF] / year[COVERED])))

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            if calendar == month:
                for column, amount in more:
                    counts[at, column] += amount
            return facts

        return np.where(np.arange(len(place.mine)) == at, fen, 0), change

    return make


def coded_more(place: Place, month: int, at: int) -> More:
    """A unit of weight in one cell."""

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        counts[at, CODED] += 1000 * (calendar == month)
        return facts

    return np.where(np.arange(len(place.mine)) == at, 1, 0), change


def counted_more(column: int, care: int) -> Probe:
    """Ten more of something counted, in one cell of a setting of care."""

    def make(place: Place, month: int, at: int) -> More:
        cells = np.flatnonzero(place.world.cells["care"] == care)
        cell = cells[at % len(cells)]

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            counts[cell, column] += 10 * (calendar == month)
            return facts

        return np.where(np.arange(len(place.mine)) == cell, 10, 0), change

    return make


def moved_more(side: int) -> Probe:
    """Twice as much weight moved in the month, by as many patients as moved so much in the last year at each place,
    who had been sent up, and stay on, as those; what happens on the ``side`` of care is counted."""

    def make(place: Place, month: int, at: int) -> More:
        care, plan, facility = (place.world.cells[column] for column in ("care", "plan", "facility"))
        year, now = place.books(month).year, place.world.counts(place.seed * 100 + month)[:, MOVED]
        going_on, size = care == CONTINUED, len(place.world.tier)
        days, weight = (np.bincount(plan, np.where(going_on, year[:, c], 0)) for c in (DAYS, MOVED))
        times = np.bincount(facility, now, size) / np.maximum(np.bincount(facility, year[:, MOVED], size), 1)
        activity = dict(place.activity)
        for deed in ("moved", "taken_over", "both_ways"):
            activity[deed] = activity[deed] * (1 + 12 * times)

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            if calendar != month:
                return facts
            counts[:, MOVED] += now
            counts[:, DAYS] += np.where(going_on, now * (days / weight)[plan], 0).astype(np.int64)
            return replace(facts, activity=activity)

        return np.where(care == side, now / 1000, 0), change

    return make


def sent_up_more(place: Place, month: int, at: int) -> More:
    """A hundred more patients of one primary place seen at hospitals, as usual among them; those of a centre come back
    to it as often as all who are sent up."""
    usual, primary = place.activity, np.flatnonzero(place.activity["went_up"])
    who, hospital = primary[at % len(primary)], place.world.tier > CENTRE
    here = np.arange(len(place.world.tier)) == who
    back = 100 * (usual["both_ways"] * ~hospital).sum() / usual["went_up"].sum() * (place.world.tier[who] == CENTRE)
    activity = usual | {"went_up": usual["went_up"] + 100 * here}
    for deed, patients, side in (
        ("received_up", 100, hospital),
        ("moved", back, hospital),
        ("both_ways", back, hospital),
        ("taken_over", back, here),
        ("both_ways", back, here),
    ):
        part = usual[deed] * side
        activity[deed] = activity[deed] + patients * part / max(part.sum(), 1)

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        return replace(facts, activity=activity) if calendar == month else facts

    return in_first_cell(place, who, OUTPATIENT, 100), change


def in_first_cell(place: Place, facility: int, care: int, units: int) -> np.ndarray:
    """So many units, all in the first cell that a facility has in a setting of care (C,)."""
    cells = place.world.cells
    first = np.flatnonzero((cells["facility"] == facility) & (cells["care"] == care))[0]
    return np.where(np.arange(len(cells)) == first, units, 0)


def done_more(*what: str) -> Probe:
    """A hundred more of a deed at one facility that does it, by cell; of what answers it, as many in all."""

    def make(place: Place, month: int, at: int) -> More:
        does = np.flatnonzero(place.activity[what[0]])
        who = does[at % len(does)]
        activity = place.activity | {what[0]: place.activity[what[0]] + 100 * (np.arange(len(place.world.tier)) == who)}
        for other in what[1:]:
            usual = place.activity[other]
            activity[other] = usual + 100 * usual / usual.sum()
        care = INPATIENT if what[0] == "recorded_down" else OUTPATIENT

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            return replace(facts, activity=activity) if calendar == month else facts

        return in_first_cell(place, who, care, 100), change

    return make


def hours_more(place: Place, month: int, at: int) -> More:
    units, change = done_more("outreach_hours")(place, month, at)
    return price.by_row(units, place.world.cells["facility"], len(place.world.tier)), change


def people_more(count: str, per_year: int = 1) -> Probe:
    """Ten more people of a count of the panel at one centre, all the year."""

    def make(place: Place, month: int, at: int) -> More:
        centres = np.flatnonzero(place.world.tier == CENTRE)
        who = centres[at % len(centres)]

        def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
            people = getattr(facts.panel, count).copy()
            people[(who, 0) + (0,) * (people.ndim - 2)] += 10
            return replace(facts, panel=replace(facts.panel, **{count: people}))

        return np.where(np.arange(len(place.world.tier)) == who, 10 * per_year, 0), change

    return make


def elsewhere_more(place: Place, month: int, at: int) -> More:
    """Ten thousand yuan more that the fund pays elsewhere for the people of one centre, in the month."""
    centres = np.flatnonzero(place.world.tier == CENTRE)
    who = centres[at % len(centres)]

    def change(calendar: int, counts: np.ndarray, facts: Market) -> Market:
        if calendar != month:
            return facts
        paid = facts.elsewhere.copy()
        paid[who] += 10**6 * paid[who] // paid[who].sum()
        return replace(facts, elsewhere=paid)

    return np.where(np.arange(len(place.world.tier)) == who, 10**6, 0), change


PROBES: dict[tuple[str, str], Probe] = {
    ("doer", "drugs"): billed_more(CH_DRUGS),
    ("doer", "tests"): billed_more(CH_TESTS),
    ("doer", "labour"): billed_more(CH_LABOUR),
    ("doer", "weight"): coded_more,
    ("doer", "visit"): counted_more(CASES, OUTPATIENT),
    ("doer", "case"): counted_more(CASES, INPATIENT),
    ("doer", "day"): counted_more(DAYS, INPATIENT),
    ("doer", "moved_out"): moved_more(INPATIENT),
    ("doer", "moved_in"): moved_more(CONTINUED),
    ("doer", "referred_up"): sent_up_more,
    ("doer", "consult"): done_more("consulted", "read"),
    ("doer", "read"): done_more("read", "consulted"),
    ("doer", "recorded_down"): done_more("recorded_down"),
    ("panel", "outreach"): hours_more,
    ("panel", "head"): people_more("heads"),
    ("panel", "signed"): people_more("signed"),
    ("panel", "served"): people_more("served"),
    ("panel", "managed"): people_more("managed", per_year=12),
    ("panel", "controlled"): people_more("controlled"),
    ("panel", "elsewhere"): elsewhere_more,
}
