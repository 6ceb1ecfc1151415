"""What status changes in the cover table: adjustments, chronic benefit, care away, inverted rates."""

import copy

import pytest

from simulator.benefit.cover import COVER, NO_LIMIT, cover_row, deductible_due, split, under_deductible
from simulator.benefit.cover_table import Adjustment, bits_read, cover_table
from simulator.benefit.status import AWAY, CHRONIC, POOR, REFERRED, RETIRED, SIGNED, STATUSES, UNFILED, WHEN
from simulator.benefit.terms import Benefit
from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, SECONDARY, STATION, TERTIARY, TIERS
from simulator.services import services
from simulator.services.kinds.health_points import HealthPoints
from tests.benefit.test_cover import RESIDENT

OPPOSITES = (
    ("signed", "unsigned"),
    ("referred", "direct"),
    ("away", "home"),
    ("filed", "unfiled"),
    ("retired", "working_age"),
)
EVERY = {"plans": [0], "care": [0, 1], "tiers": range(5)}


def benefit(**changes) -> Benefit:
    return Benefit.model_validate(copy.deepcopy(RESIDENT) | changes)


def row(care: int, tier: int, status: int, *adjustments: Adjustment, plan: Benefit | None = None):
    table = cover_table({"resident": plan or benefit()}, ["resident"], adjustments)
    return table[cover_row(0, care, tier, status)]


def test_points_add_up_and_are_cut():
    signed = Adjustment(**EVERY, when=["signed"], points=0.15)
    sent = Adjustment(**EVERY, when=["referred"], points=0.10)
    straight = Adjustment(**EVERY, when=["direct"], points=-0.9)
    # 80 % at the county hospital
    for status, share in ((0, 0.0), (SIGNED, 0.05), (REFERRED, 0.9), (SIGNED | REFERRED, 1.0)):
        assert row(INPATIENT, SECONDARY, status, signed, sent, straight).fund_pays == pytest.approx(share)


def test_an_adjustment_holds_for_its_scope_alone():
    mine = Adjustment([0], [OUTPATIENT], [STATION, CENTRE], ["signed"], points=0.15)
    plain = cover_table({"resident": benefit()}, ["resident"])
    changed = cover_table({"resident": benefit()}, ["resident"], [mine])
    rows = [cover_row(0, OUTPATIENT, t, s) for t in (STATION, CENTRE) for s in range(STATUSES) if s & SIGNED]
    assert (plain != changed).nonzero()[0].tolist() == sorted(int(r) for r in rows)
    assert {float(changed[r].fund_pays) for r in rows} == {0.65}


def test_of_deductibles_the_most_generous_holds():
    half = Adjustment(**EVERY, when=["signed"], deductible="half")
    amount = Adjustment(**EVERY, when=["referred"], deductible=30_000)
    waived = Adjustment(**EVERY, when=["poor"], deductible="waived")
    dearer = Adjustment(**EVERY, when=["signed"], deductible=500_000)
    for status, fen in ((0, 100_000), (SIGNED, 50_000), (SIGNED | REFERRED, 30_000), (SIGNED | POOR, 0)):
        assert row(INPATIENT, TERTIARY, status, half, amount, waived, dearer).deductible == fen


def test_a_ceiling_is_raised_and_never_lowered():
    higher = Adjustment(**EVERY, when=["poor"], ceiling=30_000_000)
    lower = Adjustment(**EVERY, when=["poor"], ceiling=1)
    assert row(INPATIENT, CENTRE, POOR, higher, lower).ceiling == 30_000_000
    assert row(INPATIENT, CENTRE, 0, higher, lower).ceiling == 20_000_000
    endless = benefit(inpatient={k: v for k, v in RESIDENT["inpatient"].items() if k != "ceiling"})
    assert row(INPATIENT, CENTRE, POOR, higher, plan=endless).ceiling == NO_LIMIT


def test_chronic_outpatient_rows():
    plan = benefit(chronic_outpatient={"fund_pays": {"centre": "70%"}, "ceiling": "2000 yuan/year", "deductible": "50"})
    chronic, ordinary = (row(OUTPATIENT, CENTRE, s, plan=plan) for s in (CHRONIC, 0))
    assert (chronic.fund_pays, chronic.deductible, chronic.ceiling, chronic.apart) == (0.7, 5_000, 200_000, 1)
    assert (ordinary.fund_pays, ordinary.ceiling, ordinary.apart) == (0.5, 20_000, 0)
    assert row(OUTPATIENT, SECONDARY, CHRONIC, plan=plan).apart == 0
    assert row(INPATIENT, CENTRE, CHRONIC, plan=plan).apart == 0
    assert bits_read({"resident": plan}, []) == CHRONIC


def test_care_away():
    region = {"areas": ["far"], "fund_pays": "-10 pp", "unfiled": "-20 pp", "filed": "70%", "settled": "pay_first"}
    plan = benefit(cross_region=region)
    shares = {s: float(row(INPATIENT, TERTIARY, s, plan=plan).fund_pays) for s in (0, AWAY, AWAY | UNFILED)}
    assert shares == {0: 0.7, AWAY: 0.6, AWAY | UNFILED: 0.5}
    assert row(INPATIENT, TERTIARY, AWAY, plan=plan).advance == 1
    assert row(INPATIENT, TERTIARY, 0, plan=plan).advance == 0
    assert row(INPATIENT, TERTIARY, 0, plan=plan).filed == 0.7
    direct = benefit(cross_region=region | {"settled": "direct"})
    assert row(INPATIENT, TERTIARY, AWAY, plan=direct).advance == 0
    # without a word on those who did not file, they are treated as those who did
    del region["unfiled"]
    assert row(INPATIENT, TERTIARY, AWAY | UNFILED, plan=benefit(cross_region=region)).fund_pays == 0.6


def test_easier_settlement_away():
    """Who did not file pays first though others do not; nobody has to file; with 10 % first self-pay and nine tenths on
    the home list 81 % are left."""
    region = {"areas": ["far"], "fund_pays": "-10 pp", "unfiled": "-20 pp", "filed": "70%", "settled": "direct"}
    strict = benefit(cross_region=region | {"unfiled_settled": "pay_first", "unlisted": "10%"})
    filed, not_filed = (row(INPATIENT, TERTIARY, s, plan=strict) for s in (AWAY, AWAY | UNFILED))
    assert (filed.advance, not_filed.advance) == (0, 1)
    assert filed.first_self_pay == 0.19
    assert row(INPATIENT, TERTIARY, 0, plan=strict).first_self_pay == 0.1
    free = benefit(cross_region=region | {"filing": "none"})
    assert (row(INPATIENT, TERTIARY, AWAY, plan=free).filed, row(INPATIENT, TERTIARY, 0, plan=strict).filed) == (1, 0.7)


def test_terms_of_the_retired():
    """Three quarters of the own part of others: of 30 % at tertiary hospitals 22.5 %; what is not paid for stays so;
    points of an adjustment come on top."""
    plan = benefit(retired={"inpatient": "75%"})
    shares = {s: float(row(INPATIENT, TERTIARY, s, plan=plan).fund_pays) for s in (0, RETIRED)}
    assert shares == {0: 0.7, RETIRED: 0.775}
    assert row(OUTPATIENT, CENTRE, RETIRED, plan=plan).fund_pays == row(OUTPATIENT, CENTRE, 0, plan=plan).fund_pays
    assert row(OUTPATIENT, TERTIARY, RETIRED, plan=benefit(retired={"outpatient": "50%"})).fund_pays == 0.0
    old = Adjustment(**EVERY, when=["retired"], points=0.1)
    assert row(INPATIENT, TERTIARY, RETIRED, old, plan=plan).fund_pays == pytest.approx(0.875)
    assert row(INPATIENT, TERTIARY, 0, old, plan=plan).fund_pays == 0.7
    assert bits_read({"resident": plan}, []) == RETIRED


def test_words_of_a_status_exclude_each_other():
    for one, other in OPPOSITES:
        first, second = (Adjustment(**EVERY, when=[word]) for word in (one, other))
        assert not any(first.holds(s) and second.holds(s) for s in range(STATUSES))
    assert set(WHEN) == {word for pair in OPPOSITES for word in pair} | {"poor", "chronic"}


def test_inverted_rates():
    """Primary care paid less than hospitals (报销倒挂): just rates; the price of the same bill follows them."""
    inverted = copy.deepcopy(RESIDENT["inpatient"])
    inverted["centre"]["fund_pays"], inverted["tertiary"]["fund_pays"] = "50%", "90%"
    inverted["tertiary"]["deductible"] = "0 yuan"
    plan = benefit(inpatient=inverted)

    def own(tier: int) -> int:
        mine = row(INPATIENT, tier, 0, plan=plan)
        return int(split(500_000, 0, mine, mine.deductible, 0, 0, 0)[0])

    # of 5,000 yuan 500 first; centre: 200 and half of 4,300; tertiary: a tenth of 4,500
    assert (own(CENTRE), own(TERTIARY)) == (50_000 + 20_000 + 215_000, 50_000 + 45_000)


def test_a_deductible_that_falls_and_goes_on():
    terms = COVER.rows(1)[0]
    terms.deductible, terms.second, terms.later = 100_000, 0.5, 0.0
    assert [int(deductible_due(terms, n, 30_000)) for n in range(4)] == [100_000, 50_000, 0, 0]
    terms.once = 1
    assert [int(deductible_due(terms, n, 30_000)) for n in range(3)] == [70_000, 20_000, 0]


def test_what_falls_under_the_deductible():
    terms = COVER.rows(1)[0]
    terms.first_self_pay, terms.fund_pays = 0.1, 0.8
    own, fund, _ = split(110_000, 10_000, terms, 20_000, 0, 0, 0)
    assert under_deductible(110_000, 10_000, terms, 20_000, 0) == 20_000
    assert (own, fund) == (10_000 + 20_000 + 14_000, 56_000)
    assert under_deductible(15_000, 0, terms, 20_000, 0) == 13_500


def test_a_fee_is_waived_beyond_the_ceiling():
    terms = COVER.rows(1)[0]
    terms.fund_pays, terms.ceiling, terms.waives = 0.5, 1_000, 700
    assert tuple(map(int, split(4_000, 400, terms, 0, 0, 1_000, 0))) == (2_900, 700, 0)
    assert tuple(map(int, split(4_000, 400, terms, 0, 0, 0, 0))) == (1_900, 1_700, 0)


def test_points_pay_at_primary_visits_only():
    fills = services.fills({"health_points": HealthPoints(per_contact="10 yuan", redeem="50%")})
    table = cover_table({"resident": benefit()}, ["resident"], fills=fills)
    for care in (OUTPATIENT, INPATIENT):
        for tier in range(len(TIERS)):
            expected = 0.5 if care == OUTPATIENT and tier in (STATION, CENTRE) else 0.0
            assert table[cover_row(0, care, tier)].redeem == expected


def test_whose_bills_accounts_pay():
    own, family = ({"credit": "300 yuan/year", "used_for": who} for who in ("own", "family"))
    for account, residents in ((own, 0), (family, 1)):
        plans = {"resident": benefit(), "employee": benefit(personal_account=account)}
        table = cover_table(plans, ["resident", "employee"])
        assert table[cover_row(1, OUTPATIENT, CENTRE)].account == 1
        assert table[cover_row(0, OUTPATIENT, CENTRE)].account == residents
