"""Gaming at work in a small place: what it does to books, patients and money. Conduct is held by hand."""

import numpy as np
import pytest

from simulator.core.names import CONTINUED, INPATIENT, SECONDARY
from simulator.count.events import EVENTS
from simulator.engine.passes.admission import dear
from simulator.engine.phases import conduct as choosing
from simulator.engine.phases import terms_of_trade
from simulator.model import HealthSystem
from simulator.payment import books as bk
from simulator.payment.price import charge
from simulator.practice.conduct import levels
from tests.small import AMPLE, COUNTY, SHORT, Spec, model, world

PLACE = Spec((SHORT, COUNTY, *AMPLE), families=1500, months=3, seed=4)
NEVER = {"split": 0.0, "idle": 0.0, "select": 0.0, "false_down": 0.0, "retest": 0.0, "shifted": 0.0}


def held(monkeypatch: pytest.MonkeyPatch, spec: Spec = PLACE, **conduct: float) -> HealthSystem:
    """A run in which facilities never game but as ``conduct`` says."""

    def forced(facilities: np.ndarray, *args: float) -> None:
        for column, value in (NEVER | conduct).items():
            facilities[column] = value
        levels(facilities, *args)

    for phase in (terms_of_trade, choosing):
        monkeypatch.setattr(phase, "levels", forced)
    return model(spec).run()


def counted(system: HealthSystem, *columns: int) -> np.ndarray:
    """Sums of the books of the reported months over all stays."""
    return booked(system)[system.world.cells["care"] == INPATIENT][:, columns].sum(axis=0)


def booked(system: HealthSystem) -> np.ndarray:
    """The books of the reported months, by cell."""
    return np.sum(system.world.books.counts[-PLACE.months :], axis=0)


def happened(system: HealthSystem, *events: int) -> np.ndarray:
    """The year's events of all facilities."""
    return system.world.year_sums["events"][:, events].sum(axis=0)


def posted(system: HealthSystem, kind: str) -> int:
    """Fen of a kind in the reported months."""
    ledger = system.frames()["ledger"]
    return int(ledger.fen[ledger.kind == kind].sum())


def test_a_stay_billed_as_two(monkeypatch: pytest.MonkeyPatch):
    """Two cases, the weight twice, the days once; the patient is readmitted on paper and pays for it."""
    honest = held(monkeypatch)
    system = held(monkeypatch, split=1.0)
    cases, split, weight, coded, extra, upcoded = counted(
        system, bk.CASES, bk.SPLIT, bk.WEIGHT, bk.CODED, bk.SPLIT_WEIGHT, bk.UPCODED
    )
    assert split > 10
    assert extra > 0
    assert happened(system, EVENTS["admissions"])[0] == cases
    assert happened(system, EVENTS["readmitted"])[0] >= split > happened(honest, EVENTS["readmitted"])[0]
    par = system.world.behaviour[0]
    assert coded - extra >= weight
    assert coded - extra <= weight * (1 + par["code_step"]) + cases
    assert upcoded <= cases
    for which in ("split_share", "readmission_15d"):
        frame = system.frames()["monthly"]
        mine = frame[(frame.indicator == which) & (frame.tier == "")]
        assert mine.numerator.sum() > 0
    assert posted(system, "audit:split") > 0
    assert posted(system, "fine:split") == pytest.approx(5 * posted(system, "audit:split"), rel=0.01)
    assert counted(honest, bk.SPLIT)[0] == posted(honest, "audit:split") == 0


def test_the_first_month_of_splitting_moves_only_paper(monkeypatch: pytest.MonkeyPatch):
    """Same patients, same days, same charge; more of it is theirs, by the second deductible."""
    one = PLACE._replace(changes=("time.warm_up=1 months", COUNTY, *AMPLE), months=1)
    honest, system = held(monkeypatch, one), held(monkeypatch, one, split=1.0)
    columns = (bk.DAYS, bk.CH_DRUGS, bk.CH_TESTS, bk.CH_LABOUR, bk.OUTSIDE, bk.SELF, bk.WEIGHT, bk.CASES)
    first = [np.asarray(s.world.books.counts[0][s.world.cells["care"] == INPATIENT]) for s in (honest, system)]
    a, b = (rows[:, columns].sum(axis=0) for rows in first)
    split = first[1][:, bk.SPLIT].sum()
    assert split > 0
    assert a[[0, 6]].tolist() == b[[0, 6]].tolist()
    assert a[1:4].sum() == b[1:4].sum()
    assert b[7] == a[7] + split
    assert b[5] > a[5]


def test_empty_beds_are_billed_and_not_slept_in(monkeypatch: pytest.MonkeyPatch):
    system = held(monkeypatch, idle=0.25)
    days, idle = counted(system, bk.DAYS, bk.IDLE)
    assert idle == pytest.approx(0.25 * (days - idle), rel=0.05)
    continued = booked(system)[system.world.cells["care"] == CONTINUED][:, bk.DAYS].sum()
    assert happened(system, EVENTS["bed_days"])[0] == days - idle + continued


def test_dear_patients_are_sent_on(monkeypatch: pytest.MonkeyPatch):
    """Where secondary hospitals refuse, the dear are admitted elsewhere or not at all; nobody else is touched."""
    place = world(PLACE)
    honest = held(monkeypatch)

    def refusing(facilities: np.ndarray, *args: float) -> None:
        levels(facilities, *args)
        facilities["select"] = np.where(facilities["tier"] == SECONDARY, 1.0, 0.0)

    for phase in (terms_of_trade, choosing):
        monkeypatch.setattr(phase, "levels", refusing)
    system = model(PLACE).run()
    secondary = place.facilities["tier"] == SECONDARY
    events = system.world.year_sums["events"]
    assert events[secondary, EVENTS["dear"]].sum() > 3
    assert (events[secondary, EVENTS["turned_away"]] == events[secondary, EVENTS["dear"]]).all()
    assert not events[~secondary, EVENTS["turned_away"]].any()
    assert not honest.world.year_sums["events"][:, EVENTS["turned_away"]].any()
    assert (
        honest.world.year_sums["events"][secondary, EVENTS["admissions"]].sum()
        > events[secondary, EVENTS["admissions"]].sum()
    )


def test_about_a_sixth_are_dear():
    """In every group, as a patient is compared with the group's own; their mean bill is what places believe."""
    place = world(PLACE)
    par, draws = place.behaviour[0], (np.arange(400) + 0.5) / 400
    for group in place.groups:
        severity = max(float(group.threshold), float(group.severity))
        hits = [u for u in draws if dear(severity, group, u, par)]
        assert 0.1 < len(hits) / len(draws) < 0.25
        half = par.bill_spread
        bills = [np.exp(half * (2 * u - 1)) * 2 * half / (np.exp(half) - np.exp(-half)) for u in hits]
        assert np.mean(bills) == pytest.approx(par.dear_bill, rel=0.02)
    group = place.groups[0]
    assert dear(1.0, group, 0.9, par) >= dear(0.1, group, 0.9, par)


def test_false_records_count_and_nobody_moves(monkeypatch: pytest.MonkeyPatch):
    """Paid by record, and scored by it; stays, bills and true referrals are those of honest hospitals."""
    rule = "{for: {tiers: hospital}, rule: referral_bonus, per_referral: 600 yuan, paid_by: fund}"
    bonus = f"baseline.settlements.target={rule}"
    spec = PLACE._replace(changes=(*PLACE.changes, bonus))
    honest, system = held(monkeypatch, spec), held(monkeypatch, spec, false_down=1.0)
    fit, moved, false = happened(system, EVENTS["fit"], EVENTS["moved"], EVENTS["false_down"])
    assert false == fit - moved > 5
    assert posted(system, "referral_bonus") > posted(honest, "referral_bonus")
    assert posted(system, "fine:false_referral") > 0 == posted(honest, "fine:false_referral")
    table = system.frames()["monthly"]
    mine = table[table.tier == ""].groupby("indicator")[["numerator", "denominator"]].sum()
    share = mine.numerator / mine.denominator
    assert share["recorded_two_way_referral_rate"] > share["true_two_way_referral_rate"]
    assert share["true_two_way_referral_rate"] == share["two_way_referral_rate"]
    assert share["false_referral_share"] > 0.5


def test_recognised_tests_are_not_repeated(monkeypatch: pytest.MonkeyPatch):
    """All repeated, none repeated, and about half where half of the transfers are recognised."""

    def repeats(recognised: str) -> tuple[int, int, int]:
        spec = PLACE._replace(changes=(*PLACE.changes, f"baseline.services.mutual_recognition={recognised}"))
        system = held(monkeypatch, spec, retest=1.0)
        again, up, down = happened(system, EVENTS["repeated"], EVENTS["received_up"], EVENTS["taken_over"])
        return again, up + down, int(charge(booked(system)).sum())

    (all_, transfers, dear_), (half, _, _), (none, _, cheap) = (repeats(share) for share in ("0%", "50%", "100%"))
    assert all_ == transfers > 20
    assert none == 0
    assert 0.15 * all_ < half < 0.85 * all_
    assert dear_ > cheap


def test_shifted_charges_are_the_patients(monkeypatch: pytest.MonkeyPatch):
    """Ten points of charges moved outside the catalogue come out of families' pockets, who reckon with it."""
    one = PLACE._replace(changes=("time.warm_up=1 months", COUNTY, *AMPLE), months=1)
    honest, system = held(monkeypatch, one), held(monkeypatch, one, shifted=0.1)
    a, b = (s.world.books.counts[0].sum(axis=0) for s in (honest, system))
    assert charge(b[None])[0] < charge(a[None])[0]
    assert b[bk.OUTSIDE] / charge(b[None])[0] == pytest.approx(a[bk.OUTSIDE] / charge(a[None])[0] + 0.1, abs=1e-3)
    assert b[bk.SELF] / charge(b[None])[0] < a[bk.SELF] / charge(a[None])[0]


def test_places_get_used_to_what_they_earn():
    """A tenth of the way a month once reporting has begun; nothing is kept for good."""
    system = model(PLACE._replace(changes=("time.warm_up=3 months", COUNTY), families=60, months=2))
    while not system.world.reported:
        system.step()
    before = system.world.facilities["income_before"].copy()
    system.step()
    fac = system.world.facilities
    assert fac["income_before"] == pytest.approx(before + 0.1 * (fac["income"] - before))
    assert (fac["income"] != before).any()
