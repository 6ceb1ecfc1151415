"""What is conserved in every month of every place: money, events, patients on their way, slots and beds."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulator.benefit.layers import ACCOUNT
from simulator.core.names import CONTINUED, INPATIENT, ONLINE, OUTPATIENT
from simulator.count.events import EVENTS
from simulator.count.indicators.catalogue import INDICATORS, indicators
from simulator.count.people import AGES, INCOMES, PLANS
from simulator.engine.passes import contend as contention
from simulator.engine.passes.flows import DOWN, OVER, UP
from simulator.engine.state.world import Tally, World
from simulator.engine.terms.clinic import clinic_slots, most_bed_days
from simulator.fund.pools import EQUIPMENT
from simulator.fund.settlement import INVESTMENT
from simulator.model import HealthSystem
from simulator.payment import books as bk
from simulator.payment.price import charge
from simulator.population.families import homes_of
from simulator.services.kinds.outreach import slots as moved_slots
from tests.random_places import specs
from tests.reach import PAID, believing, offer
from tests.small import COUNTY, SCARCE, SHORT, Spec, model, world

QUICK = settings(max_examples=10)
JANUARY = 1


def months(system: HealthSystem, check: Callable[[World, World, Tally], None]) -> None:
    """Run to the end; ``check`` sees the world before each month, after it, and what the month counted."""
    while system.running:
        before = system.world.copy()
        system.step()
        check(before, system.world, system.world.tally)


def by(world: World, care: int, values: np.ndarray) -> np.ndarray:
    """Sums of ``values`` (C,) over the cells of a setting, by facility."""
    inside = world.cells["care"] == care
    total = np.zeros(len(world.facilities), np.int64)
    np.add.at(total, world.cells["facility"][inside], values[inside])
    return total


def money(before: World, after: World, tally: Tally) -> None:
    """Nothing is lost, and the families', the books' and the ledger's view of a month are the same to the fen."""
    counts, settled, accounts = tally.counts, tally.settled, after.accounts
    assert after.ledger.balance.sum() == 0
    moved = np.zeros_like(after.ledger.balance)
    np.subtract.at(moved, tally.ledger.postings["payer"], tally.ledger.postings["fen"])
    np.add.at(moved, tally.ledger.postings["payee"], tally.ledger.postings["fen"])
    assert (after.ledger.balance - before.ledger.balance == moved).all()

    paid = counts[:, bk.SELF] + counts[:, bk.OUTSIDE] - counts[:, bk.CATASTROPHIC]
    posted = {
        kind: tally.ledger.postings["fen"][tally.ledger.postings["kind"] == k].sum()
        for k, kind in enumerate(after.ledger.kinds)
    }
    assert posted.get("patient", 0) == paid.sum() - tally.extras.sum() == tally.incomes[:, INCOMES["paid"]].sum()
    year = 0 if after.clock[0]["calendar"] == JANUARY else before.families["paid_year"][:-1]
    assert (after.families["paid_year"][:-1] - year).sum() == paid.sum() - tally.extras.sum()
    assert posted.get("claims", 0) == settled.fund_cells.sum()
    assert posted.get("catastrophic", 0) == counts[:, bk.CATASTROPHIC].sum()
    difference = charge(counts) - counts[:, bk.SELF] - counts[:, bk.OUTSIDE] - settled.fund_cells
    received = settled.patient.sum() + settled.fund.sum() + np.sum(settled.extras)
    assert difference.sum() == charge(counts).sum() - received
    assert (moved[accounts.facility] == settled.kept).all()
    shared = settled.paid.get("surplus_bonus", np.zeros_like(settled.bonus))
    assert (moved[accounts.doctors] == settled.salary + settled.bonus + shared).all()
    bought = sum(posted.get(kind, 0) for kind in {*EQUIPMENT, *INVESTMENT, "remote_supplies"})
    assert moved[accounts.suppliers].sum() == settled.supplies.sum() + bought


def events(before: World, after: World, tally: Tally) -> None:
    """What the books say was done is what happened at each facility."""
    counts, happened, plans = tally.counts, tally.events, tally.plans
    cases = {care: by(after, care, counts[:, bk.CASES]) for care in (OUTPATIENT, INPATIENT, CONTINUED)}
    visits = sum(happened[:, EVENTS[name]] for name in ("first_contacts", "received_up", "taken_on", "follow_ups"))
    assert (cases[OUTPATIENT] == visits).all()
    assert visits.sum() == tally.incomes[:, INCOMES["visits"]].sum()
    assert happened[:, EVENTS["first_contacts"]].sum() == plans[:, PLANS["sought"]].sum()
    assert (cases[INPATIENT] == happened[:, EVENTS["admissions"]]).all()
    assert (cases[CONTINUED] == happened[:, EVENTS["taken_over"]]).all()
    days = by(after, INPATIENT, counts[:, bk.DAYS]) + by(after, CONTINUED, counts[:, bk.DAYS])
    assert (days - by(after, INPATIENT, counts[:, bk.IDLE]) == happened[:, EVENTS["bed_days"]]).all()
    assert (by(after, INPATIENT, counts[:, bk.DAYS]) >= cases[INPATIENT] - happened[:, EVENTS["moved"]]).all()

    assert happened[:, EVENTS["moved"]].sum() == happened[:, EVENTS["taken_over"]].sum()
    assert (happened[:, EVENTS["will_return"]] <= happened[:, EVENTS["taken_over"]]).all()
    assert happened[:, EVENTS["sent_home"]].sum() == happened[:, EVENTS["back_home"]].sum()
    assert (happened[:, EVENTS["sent_home"]] <= happened[:, EVENTS["moved"]]).all()
    assert (happened[:, EVENTS["back_home"]] <= happened[:, EVENTS["taken_over"]]).all()
    assert by(after, INPATIENT, counts[:, bk.MOVED]).sum() == by(after, CONTINUED, counts[:, bk.MOVED]).sum()
    stages = happened[
        :,
        [
            EVENTS["admissions"],
            EVENTS["fit"],
            EVENTS["offered"],
            EVENTS["accepted"],
            EVENTS["consented"],
            EVENTS["moved"],
        ],
    ]
    assert (np.diff(stages, axis=1) <= 0).all()
    assert happened[:, EVENTS["went_up"]].sum() == happened[:, EVENTS["received_up"]].sum()
    up = happened[:, EVENTS["sent_up"]] + happened[:, EVENTS["asked_up"]]
    assert (happened[:, EVENTS["went_up"]] <= up).all()
    assert (up <= happened[:, EVENTS["first_contacts"]]).all()
    over, online = happened[:, EVENTS["handed_over"]], after.facilities["tier"] == ONLINE
    assert (over[~online] == 0).all()
    assert (over + happened[:, EVENTS["delivered"]] <= happened[:, EVENTS["first_contacts"]]).all()
    assert (happened[~online, EVENTS["delivered"]] == 0).all()
    assert (happened[online, EVENTS["taken_on"]] == 0).all()
    assert happened[:, EVENTS["taken_on"]].sum() <= over.sum()
    assert (happened[:, EVENTS["needless_up"]] <= happened[:, EVENTS["went_up"]]).all()
    assert happened[:, EVENTS["needless_up"]].sum() == plans[:, PLANS["needless_up"]].sum()
    assert (happened[:, EVENTS["readmitted"]] <= happened[:, EVENTS["admissions"]]).all()
    assert (happened[:, EVENTS["false_down"]] <= happened[:, EVENTS["fit"]] - happened[:, EVENTS["moved"]]).all()
    assert happened[:, EVENTS["false_down"]].sum() == plans[:, PLANS["own_false"]].sum()
    assert (
        happened[:, EVENTS["repeated"]] <= happened[:, EVENTS["received_up"]] + happened[:, EVENTS["taken_over"]]
    ).all()
    arrived = happened[:, EVENTS["received_up"]] + happened[:, EVENTS["taken_on"]]
    for name in ("by_green_channel", "by_rapid_appointment", "records_read"):
        assert (happened[:, EVENTS[name]] <= arrived).all()
    for name in ("down_green_channel", "records_read_after"):
        assert (happened[:, EVENTS[name]] <= happened[:, EVENTS["taken_over"]]).all()
    assert (happened[:, EVENTS["return_chance"]] <= 1_000_000 * happened[:, EVENTS["taken_over"]]).all()
    assert (happened[:, EVENTS["turned_away"]] <= happened[:, EVENTS["dear"]]).all()
    assert happened[:, EVENTS["dear"]].sum() <= plans[:, PLANS["bed_needed"]].sum()
    assert happened[:, EVENTS["fatal"]].sum() == after.persons["dying"].sum()
    assert happened[:, EVENTS["deaths_of_illness"]].sum() == before.persons["dying"].sum()
    died = after.persons["id"] != before.persons["id"]
    assert happened[:, EVENTS["deaths"]].sum() == AGES.of(tally.ages, "deaths").sum() == died.sum()
    assert (after.persons["id"] % after.people == before.persons["id"] % after.people).all()
    assert (happened[:, EVENTS["untreated"]] <= happened[:, EVENTS["serious"]]).all()
    assert (happened[:, EVENTS["serious"]] <= happened[:, EVENTS["ill"]]).all()
    assert (happened[:, EVENTS["well"]] <= happened[:, EVENTS["ill"]]).all()
    assert happened[:, EVENTS["complications_controlled"]].sum() <= happened[:, EVENTS["complications"]].sum()
    real = happened[:, EVENTS["real_admissions"]]
    assert (real == cases[INPATIENT] - by(after, INPATIENT, counts[:, bk.SPLIT])).all()
    assert (happened[:, EVENTS["readmitted_30"]] <= real).all()
    for stage, left, arrived in (
        (UP, EVENTS["went_up"], EVENTS["received_up"]),
        (DOWN, EVENTS["moved"], EVENTS["taken_over"]),
    ):
        flows = tally.flows[tally.flows[:, 2] == stage]
        size = len(after.facilities)
        assert (np.bincount(flows[:, 0], flows[:, 3], size) == happened[:, left]).all()
        assert (np.bincount(flows[:, 1], flows[:, 3], size) == happened[:, arrived]).all()
    flows = tally.flows[tally.flows[:, 2] == OVER]
    assert (np.bincount(flows[:, 1], flows[:, 3], len(online)) == happened[:, EVENTS["taken_on"]]).all()

    for here, whose in (
        ("home_sought", "sought"), ("home_primary", "sought_primary"), ("appropriate", "appropriate_up"),
        ("rated", "rated"), ("rating", "rating"),
    ):  # fmt: skip
        assert EVENTS.of(happened, here).sum() == PLANS.of(plans, whose).sum(), here
    assert (happened[:, EVENTS["rated"]] == happened[:, EVENTS["first_contacts"]]).all()
    asked, answered = happened[:, EVENTS["consulted"]].sum(), happened[:, EVENTS["read"]].sum()
    assert answered <= asked <= answered + happened[:, EVENTS["sent_up"]].sum()

    assert (counts >= 0).all()
    assert (by(after, INPATIENT, counts[:, bk.UPCODED]) <= cases[INPATIENT]).all()
    assert (counts[:, bk.CODED] >= counts[:, bk.WEIGHT])[after.cells["care"] == INPATIENT].all()
    assert plans[:, PLANS["sought_primary"]].sum() <= plans[:, PLANS["sought"]].sum()
    waits = (after.persons["waiting"] == 2).sum()
    admitted = happened[:, EVENTS["admissions"]].sum() - counts[:, bk.SPLIT].sum()  # patients, not admissions as billed
    assert plans[:, PLANS["bed_needed"]].sum() == admitted + plans[:, PLANS["bed_forgone"]].sum() + waits


def capacity(before: World, after: World, tally: Tally) -> None:
    """Nobody gets a slot or a bed-day that there is not."""
    fac = before.facilities
    par = after.behaviour[0]
    assert moved_slots(after.facilities, par).sum() == 0
    assert (tally.slots == clinic_slots(after.facilities, par)).all()
    days, most = tally.events[:, EVENTS["bed_days"]], most_bed_days(after.facilities, par)
    free = most - fac["days_begun"]
    assert (days[free <= 0] == 0).all()  # nobody is taken in where all beds are held
    assert (after.facilities["days_begun"] == np.maximum(days - free, 0)).all()  # what runs on is owed
    served = sum(tally.events[:, EVENTS[name]] for name in ("first_contacts", "received_up", "taken_on"))
    pool = np.bincount(fac["slot_pool"], served, len(fac))
    reserved = np.bincount(fac["slot_pool"], np.ceil(fac["follow_ups"]), len(fac))
    assert (pool <= np.maximum(tally.slots * (1 + par["stretch_slots"]) - reserved, 0)).all()


def people(before: World, after: World, tally: Tally) -> None:
    """Running totals grow by the month's bills, begin anew in January and with every new person; states stay known."""
    now, then = after.persons, before.persons
    kept = {name: pair for pair in ((now, then), (after.rare, before.rare)) for name in pair[0].dtype.names}
    fresh_people = now["id"] != then["id"]
    fresh = fresh_people | (after.clock[0]["calendar"] == JANUARY)
    counts = tally.counts
    outpatient = after.cells["care"] == OUTPATIENT
    paid = counts[:, bk.SELF] + counts[:, bk.OUTSIDE] - counts[:, bk.CATASTROPHIC]
    layers = tally.extras[..., :ACCOUNT].sum()
    totals = [
        (("own_year",), counts[:, bk.SELF].sum()),
        (("outpatient_year", "chronic_year"), counts[outpatient, bk.COVERED].sum()),
        (("inpatient_year",), counts[~outpatient, bk.COVERED].sum()),
        (("outpatient_fund", "chronic_fund"), (counts[:, bk.COVERED] - counts[:, bk.SELF])[outpatient].sum()),
        (("inpatient_fund",), (counts[:, bk.COVERED] - counts[:, bk.SELF])[~outpatient].sum()),
        (("layer_year",), layers),
    ]
    if len(after.cover.products):
        totals.append((("net_year", "beyond_year"), paid.sum() - layers))
    for columns, added in totals:
        pairs = [[table[c].T for table in kept[c]] for c in columns]
        grown = sum((later - np.where(fresh, 0, sooner)).sum() for later, sooner in pairs)
        assert all((np.where(fresh, 0, sooner) <= later).all() for later, sooner in pairs), columns
        assert grown == added, columns
    for disease in ("hypertension", "diabetes"):
        assert ((now[disease] >= 0) & (now[disease] <= 4)).all()
    assert np.isin(now["waiting"], [0, 1, 2]).all()
    assert len(now) == len(then) == after.people  # whoever dies is followed by somebody
    for column in ("signed", "policies"):
        assert (now[column][fresh_people] == 0).all(), column
    assert np.isin(now["managed"], [0, 1]).all()
    assert ((now["served"] >= 0) & (now["served"] <= now["signed"]) & (now["signed"] <= 1)).all()
    offered = after.facilities["contract"][homes_of(after.families)[now["family"]]]
    assert (now["signed"] <= offered).all()
    assert ((now["return_in"] >= 0) & (now["return_in"] <= 4)).all()
    habit = after.families["habit"][:-1]
    assert np.allclose(habit.sum(axis=1), 1, atol=1e-12)
    assert ((after.families["trust"][:-1] >= 0.05) & (after.families["trust"][:-1] <= 1)).all()


def shares(before: World, after: World, tally: Tally) -> None:
    """Every share of something is a part of it."""
    for name, *of, numerator, denominator in indicators(after):
        if INDICATORS[name].unit == "share" and not INDICATORS[name].unbounded:
            assert -1e-9 * denominator <= numerator <= denominator * (1 + 1e-9), (name, of)


LAWS = (money, events, capacity, people, shares)


def all_laws(spec: Spec) -> None:
    def check(before: World, after: World, tally: Tally) -> None:
        for law in LAWS:
            law(before, after, tally)

    months(model(spec), check)


@QUICK
@given(spec=specs())
def test_conserved(spec: Spec):
    all_laws(spec)


@pytest.mark.long
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(spec=specs(families=80, months=14))
def test_conserved_long(spec: Spec):
    all_laws(spec)


@pytest.fixture(scope="module")
def crowded() -> Spec:
    """A county where both rounds of contention leave somebody out."""
    follows = "baseline.settlements.follows={for: all, rule: follows_patient, share: 20%}"
    up = (f"facilities.{tier}.consultation={n} minutes" for tier, n in (("secondary", 9), ("tertiary", 10)))
    down = (follows, "facilities.centre.capability=0.75", "facilities.centre.beds=2 per 1000", *up)
    online = ("network.facilities.web={tier: online, delivery: {fee: 8 yuan}}", "behaviour.parameters.online_accept=2")
    services = (
        "baseline.services.remote_reading={for: {tiers: primary}, price: 60 yuan, fund_pays: 70%}",
        "baseline.services.supervision={audited: 10%, detects: 50%, fine: 5 times, refusal: 2000 yuan}",
        "baseline.services.drug_delivery={lacks: 20%, fee: 8 yuan, days: 1 day}",
        "baseline.services.school_doctor={schools: 300, pupils: 900, trained: 900, per_school: 80000 yuan/year}",
        "baseline.services.workplace_clinic={employees: 200000, doctors: 200, salary: 200000 yuan/year}",
        "baseline.services.preventive_visits={from_age: 45, price: 60 yuan, fee: 40 yuan}",
        "baseline.services.health_points={per_contact: 10 yuan, redeem: 50%, per_prevention: 20 yuan, "
        "redeem_prevention: 100%}",
        "baseline.services.health_lectures={lectures: 3500, audience: 400, per_lecture: 3000 yuan}",
        # so weak that false records, which are rare, are still made
        "baseline.services.green_channel={for: {facilities: [centre_1, county_1]}}",
        "baseline.services.rapid_appointment={passes: 1%}",
        "baseline.services.shared_records={level: 0.01}",
    )
    return Spec((SHORT, COUNTY, *SCARCE, *down, *online, *services), families=600, months=14, seed=3)


def test_conserved_in_a_crowd(crowded: Spec, monkeypatch: pytest.MonkeyPatch):
    """A year, so that every kind of event happens; a law about nothing would hold, too."""
    believing(
        monkeypatch, **PAID | {"recorded": 2000.0, "referred_up": 3000.0, "moved_in": 9000.0, "moved_out": 9000.0}
    )
    total: dict[str, int] = dict.fromkeys((*EVENTS.names, *PLANS.names), 0)
    start = offer(world(crowded))
    start.behaviour["fit"], start.behaviour["consent"] = 0.95, 5.0  # step-downs, which are rare
    system = model(crowded, start=start)

    def check(before: World, after: World, tally: Tally) -> None:
        for law in LAWS:
            law(before, after, tally)
        for names, counted in ((EVENTS.names, tally.events), (PLANS.names, tally.plans)):
            for k, name in enumerate(names):
                total[name] += int(counted[:, k].sum())
        days = np.concatenate([block.rows[: block.end]["day"] for block in system.engine.blocks])
        assert ((days >= 0) & (days < after.clock[0]["days"])).all()

    months(system, check)
    assert system.world.persons["served"].sum() > 100
    assert [name for name, count in total.items() if not count] == []
    # Who waits in vain is counted a month later than the illness, so that only longer periods compare.
    assert 0 < total["serious_forgone"] < total["serious_seen"]


class Rounds:
    """Notes what every round of contention was asked and gave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.found: list[dict[str, Any]] = []
        original = contention.apply

        def noted(rows: np.ndarray, asking: np.ndarray, cut: np.ndarray, wanted: np.ndarray) -> int:
            mine = asking.copy()  # the list is shortened
            before = rows[mine]
            left = original(rows, asking, cut, wanted)
            self.found.append({"asked": before, "served": rows["got"][mine] >= 0})
            return left

        monkeypatch.setattr(contention, "apply", noted)

    def pools(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Requests of one pool in one round, and whether each was served."""
        for entry in self.found:
            for pool in np.unique(entry["asked"]["ask"]):
                here = entry["asked"]["ask"] == pool
                yield entry["asked"][here], entry["served"][here]


def test_urgency_goes_first(crowded: Spec, monkeypatch: pytest.MonkeyPatch):
    """At one pool and in one round nobody is served after somebody more urgent was turned away, and both rounds do
    turn away and serve."""
    rounds = Rounds(monkeypatch)
    model(crowded).run()
    assert rounds.found
    turned_away = served_second = 0
    for asked, served in rounds.pools():
        if served.any() and not served.all():
            assert asked["key"][served].max() < asked["key"][~served].min()
            turned_away += 1
    for entry in rounds.found[1::2]:
        served_second += int(entry["served"].sum())
    assert turned_away > 20
    assert served_second > 20


def test_prevalence_and_cascades_are_stable():
    """Over five years, with everybody's care as it is: the shares of patients move within what chance allows."""
    spec = Spec(("time.warm_up=0 months", COUNTY), families=3000, months=60, seed=4)
    system = model(spec)
    start = system.world.persons.copy()
    system.run()
    end = system.world.persons
    for disease, known in (("hypertension", 0.383), ("diabetes", 0.367)):
        before, after = np.mean(start[disease] > 0), np.mean(end[disease] > 0)
        assert after == pytest.approx(before, abs=0.012)
        shares = [np.mean(table[disease][table[disease] > 0] >= 2) for table in (start, end)]
        assert shares[0] == pytest.approx(known, abs=0.06)
        assert shares[1] == pytest.approx(shares[0], abs=0.05)
