"""What providers believe is what a full settlement gives: one more unit, a whole year settled with it and without."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, PARTS
from simulator.payment import price
from simulator.payment.books import (
    ABOVE,
    ABOVE_CASES,
    CASES,
    CH_DRUGS,
    CODED,
    COVERED,
    DAYS,
    LOW_COVERED,
    LOW_WEIGHT,
    OUTSIDE,
    SELF,
)
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.panel import Panel
from simulator.payment.rule import TariffRule, found
from simulator.payment.rules.fee_for_service import Rule as FeeForService
from simulator.payment.tariffs import Tariffs
from tests.payment.cases import lawful

RULES = found("simulator.payment.rules")
PARAMETERS = lawful(RULES)
SETTING = {"visit": OUTPATIENT, "case": INPATIENT}
"""Entries that are counted alike and differ by the setting of their cell."""
LISTED = [pytest.param(n, p, id=f"{n} {words}".strip()) for n, sets in PARAMETERS.items() for words, p in sets.items()]


class Place:
    """A year of random books at the small world, after a year under the same rule."""

    def __init__(self, world, rule: TariffRule, seed: int, mine: np.ndarray | None = None):
        self.world, self.seed = world, seed
        every = np.ones(len(world.cells), bool)
        others = FeeForService()
        # The other cells are paid otherwise.
        self.tariffs = Tariffs({"rule": rule, "others": others}, np.where(every if mine is None else mine, 0, 1))
        facts = world.market(seed=seed)
        names = Panel.__dataclass_fields__
        # Hundreds of thousands of people, so that one in a hundred more is a whole number in every class.
        self.facts = replace(facts, panel=Panel(**{name: getattr(facts.panel, name) * 100 for name in names}))
        self.counts = [world.counts(1000 * seed + month) for month in range(24)]

    def close(self, market: Market, books: Books, counts: np.ndarray) -> np.ndarray:
        """Settle a month as `fund.settlement` does and enter it; what each facility got, fen (F,)."""
        fund = price.fund_part(price.allowed(self.tariffs.tariff(market, books), counts), counts)
        books.add(counts, fund, market.calendar)
        got = price.by_row(price.provider_income(fund, counts), market.cells["facility"], len(market.tier))
        for name, fen in self.tariffs.settle(market, books).items():
            books.enter(name, fen)
            got = got + fen.sum(axis=1)
        return got

    def run(self, books: Books, months: range, change: Callable | None = None) -> np.ndarray:
        """Income of the months, numbered from 0 in the first January, each changed before it is settled (F,)."""
        total = np.zeros(len(self.facts.tier), np.int64)
        for month in months:
            market, counts = replace(self.facts, calendar=month % 12 + 1), self.counts[month]
            if change:
                market, counts = change(month, market, counts)
            total = total + self.close(market, books, counts)
        return total

    def until(self, month: int) -> Books:
        """Books at the start of a month."""
        books = Books()
        self.run(books, range(month))
        return books


def seen(year: np.ndarray, top: int, bottom: int, cell: int) -> float:
    return year[cell, top] / max(1, year[cell, bottom])


def more_of(entry: str, place: Place, year: np.ndarray, cell: int) -> tuple[np.ndarray, float]:
    """More of an entry in the month of one cell, as columns (len(COUNTED),), and how many units.

    A fen billed and a unit of weight fall to outliers, and are paid by patients, as they were in the last year.
    """
    more = np.zeros(year.shape[1])
    if entry in PARTS:
        fen = 200_000.0
        covered = fen * place.world.catalogue[cell]
        charge = year[cell, CH_DRUGS : CH_DRUGS + 3].sum()
        weight = seen(year, CODED, CASES, cell) / 1000
        rule = place.tariffs.rules["rule"]
        thresholds = rule.outliers(place.facts, np.ones(len(year), bool))
        high = 0.0 if thresholds is None else thresholds[place.world.cells["facility"][cell], 0]
        more[CH_DRUGS + PARTS.index(entry)], more[COVERED], more[OUTSIDE] = fen, covered, fen - covered
        more[SELF] = covered * seen(year, SELF, COVERED, cell)
        more[ABOVE] = fen * (year[cell, ABOVE] + year[cell, ABOVE_CASES] * weight * high) / max(1, charge)
        more[LOW_COVERED] = covered * seen(year, LOW_COVERED, COVERED, cell)
        return np.rint(more), fen
    if entry == "weight":
        more[CODED], more[LOW_WEIGHT] = 10_000, 10_000 * seen(year, LOW_WEIGHT, CODED, cell)
        return np.rint(more), 10
    more[{"visit": CASES, "case": CASES, "day": DAYS}[entry]] = 10
    return more, 10


def more_people(entry: str, facts: Market, home: int, month: int, asked: int) -> tuple[Market, float]:
    """More of an entry of the panel: one in a hundred in all months of the year; or bills elsewhere, in one month."""
    people = facts.panel

    def grown(*names: str) -> Panel:
        changed = {name: getattr(people, name).copy() for name in names}
        for name, array in changed.items():
            array[home] += getattr(people, name)[home] // 100
        return replace(people, **changed)

    if entry == "elsewhere":
        heads = people.heads[home].sum(axis=1)
        more = np.zeros_like(facts.elsewhere)
        more[home] = 1_000_000 * heads // heads.sum()
        units = int(more.sum())
        return (replace(facts, elsewhere=facts.elsewhere + more) if month == asked else facts), units
    if entry == "head":
        everybody = grown("heads", "registered", "signed", "diagnosed", "managed", "controlled")
        return replace(facts, panel=everybody), people.registered[home].sum() / 100
    names = {"signed": "signed", "managed": "managed", "controlled": "controlled"}[entry]
    units = getattr(people, names)[home].sum() / 100
    return replace(facts, panel=grown(names)), units * (12 if entry == "managed" else 1)


def clear_of_the_floor(place: Place, books: Books, month: int, cell: int) -> bool:
    """The patient's part has not come near the whole price: there a belief is a mean of two cases, and a month one."""
    market = replace(place.facts, calendar=month % 12 + 1)
    tariff = place.tariffs.tariff(market, books)
    for counts in (books.year, place.counts[month]):
        allowed = price.allowed(tariff, counts)[cell]
        if allowed and abs(counts[cell, SELF] / allowed - 1) < 0.25:
            return False
    return True


@pytest.mark.parametrize(("name", "parameters"), LISTED)
@given(seed=st.integers(0, 10**5), month=st.integers(12, 23), cell=st.integers(0, 10**3))
def test_one_more_earns_what_is_believed(world, name, parameters, seed, month, cell):
    rule = RULES[name].model_validate(parameters)
    place = Place(world, rule, seed)
    cell %= len(world.cells)
    facility = int(world.cells["facility"][cell])
    books = place.until(month)
    assume(clear_of_the_floor(place, books, month, cell))
    year = books.year
    believed = rule.believed(replace(place.facts, calendar=month % 12 + 1), books.of("rule"), np.ones(len(year), bool))
    usual = place.run(books.copy(), range(month, 24))
    assert {("doer", part) for part in PARTS} <= set(believed)
    for (role, entry), values in believed.items():
        if SETTING.get(entry, world.cells["care"][cell]) != world.cells["care"][cell]:
            assert values[cell] == 0
            continue
        if role == "doer":
            more, units = more_of(entry, place, year, cell)

            def change(now, market, counts, more=more):
                counts = counts.copy()
                counts[cell] += (now == month) * more.astype(np.int64)
                return market, counts

            gained = place.run(books.copy(), range(month, 24), change) - usual
            expected, where = values[cell], facility
        else:
            home = int(np.flatnonzero(world.tier == CENTRE)[seed % 2])
            since = place.until(12)

            def change(now, market, counts, entry=entry, home=home):
                return more_people(entry, market, home, now, month)[0], counts

            gained = place.run(since.copy(), range(12, 24), change) - place.run(since.copy(), range(12, 24))
            units = more_people(entry, place.facts, home, month, month)[1]
            expected, where = values[home], home
        least = 1e-3 if entry in (*PARTS, "elsewhere") else 1.0  # per fen, or per case and head
        assert gained[where] / units == pytest.approx(expected, rel=0.1, abs=least), entry


ONE_OF_EACH = [pytest.param(name, *sets.items(), id=name) for name, sets in PARAMETERS.items() if len(sets) == 1] + [
    pytest.param(name, list(sets.items())[-1], id=name) for name, sets in PARAMETERS.items() if len(sets) > 1
]


@pytest.mark.parametrize(("name", "parameters"), ONE_OF_EACH)
@given(seed=st.integers(0, 10**5), part=st.integers(1, 2**5 - 1), care=st.integers(0, 3))
def test_a_rule_alone_reads_and_moves_only_its_own(world, name, parameters, seed, part, care):
    """Other cells' books change nothing of it, and it pays nobody who has none of its cells."""
    rule = RULES[name].model_validate(parameters[1])
    places = np.array([part >> f & 1 for f in range(5)] + [1], bool)
    mine = places[world.cells["facility"]] & ((world.cells["care"] == care) | (care == 3))
    assume(mine.any())
    one, other = Place(world, rule, seed, mine), Place(world, rule, seed, mine)
    for month, counts in enumerate(other.counts):
        other.counts[month] = np.where(mine[:, None], counts, 3 * counts)
    books = [place.until(23) for place in (one, other)]
    december = replace(one.facts, calendar=12)
    tariffs = [place.tariffs.tariff(december, b) for place, b in zip((one, other), books, strict=True)]
    for column in tariffs[0].__dataclass_fields__:
        assert (getattr(tariffs[0], column)[mine] == getattr(tariffs[1], column)[mine]).all()
    beliefs = [rule.believed(december, b.of("rule"), mine) for b in books]
    for (role, entry), values in beliefs[0].items():
        rows = mine if role == "doer" else np.ones(len(values), bool)
        assert (values[rows] == beliefs[1][role, entry][rows]).all()
    for place, b in zip((one, other), books, strict=True):
        place.run(b, range(23, 24))
    settled = [b.settled["rule"] for b in books]
    assert (settled[0] == settled[1]).all()
    own = np.zeros(settled[0].shape, bool)
    own[world.cells["facility"][mine], world.cells["plan"][mine]] = True
    assert not settled[0][~own].any()


@pytest.mark.parametrize(("name", "parameters"), [p for p in LISTED if "floating" in p.id or "dip" in p.id])
@given(seed=st.integers(0, 10**5))
def test_a_year_spends_its_money_to_the_fen(world, name, parameters, seed):
    place = Place(world, RULES[name].model_validate(parameters), seed)
    books = place.until(24)
    plan = world.cells["plan"]
    last, now = (price.by_row(sum(books.fund[a : a + 12]), plan, 2) for a in (0, 12))
    spent = now + books.settled["rule"].sum(axis=0)
    if parameters.get("cap") == "200 million yuan/year":
        assert spent.sum() == 200 * 10**8
    else:
        growth = {"drg": 1.05, "dip": 1.04}[name]
        assert abs(spent - growth * (last + books.settled_last["rule"].sum(axis=0))).max() <= 1
