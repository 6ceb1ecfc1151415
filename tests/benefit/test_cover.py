"""Whole bills: worked by hand from the base scenario's rates, and laws that hold for any."""

import copy
import os
import subprocess
import sys
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.benefit.cover import COVER, NO_LIMIT, Cover, cover_row, own_of_yuan, terms_of
from simulator.benefit.cover import split as split_with
from simulator.benefit.cover_table import Adjustment, cover_table
from simulator.benefit.status import STATUSES
from simulator.benefit.terms import Benefit
from simulator.core.clock import CLOCK
from simulator.core.names import CENTRE, CONTINUED, INPATIENT, ONLINE, OUTPATIENT, SECONDARY, STATION, TERTIARY
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.illness.case_groups import CASE_GROUPS


class Given(NamedTuple):
    """What `terms_of` reads of what is in force."""

    cover: Cover
    rare: np.ndarray
    clock: Any


def split(charge, outside, row, used, fund_year, own_year):
    """A bill with the deductible of its row."""
    return split_with(charge, outside, row, row.deductible, used, fund_year, own_year)


RESIDENT = {
    "outpatient": {
        "first_self_pay": "0%",
        "station": {"deductible": "0 yuan", "fund_pays": "50%"},
        "centre": {"deductible": "0 yuan", "fund_pays": "50%"},
        "secondary": {"deductible": "0 yuan", "fund_pays": "20%"},
        "tertiary": {"deductible": "0 yuan", "fund_pays": "0%"},
        "deductible_is": "per_year",
        "ceiling": "200 yuan/year",
    },
    "inpatient": {
        "first_self_pay": "10%",
        "station": {"deductible": "200 yuan", "fund_pays": "90%"},
        "centre": {"deductible": "200 yuan", "fund_pays": "90%"},
        "secondary": {"deductible": "500 yuan", "fund_pays": "80%"},
        "tertiary": {"deductible": "1000 yuan", "fund_pays": "70%"},
        "deductible_is": "per_admission",
        "ceiling": "20 万元/year",
    },
    "catastrophic": {"above": "19600 yuan/year", "fund_pays": "60%"},
}
EMPLOYEE = {
    "outpatient": RESIDENT["outpatient"]
    | {"secondary": {"deductible": "500 yuan", "fund_pays": "60%"}, "ceiling": "5000 yuan/year"},
    "inpatient": {
        key: value for key, value in RESIDENT["inpatient"].items() if key not in ("ceiling", "first_self_pay")
    },
}


@pytest.fixture(scope="module")
def table():
    benefits = {"employee": Benefit.model_validate(EMPLOYEE), "resident": Benefit.model_validate(RESIDENT)}
    return cover_table(benefits, ["resident", "employee"])


BILLS = [
    # a visit to the centre: 80 yuan, 7.20 outside the catalogue; half of 72.80
    ((0, OUTPATIENT, CENTRE), (8000, 720, 0, 0, 0), (3640, 3640, 0)),
    # the same with 190 of 200 yuan paid this year: the fund has 10 left
    ((0, OUTPATIENT, STATION), (8000, 720, 5000, 19000, 0), (6280, 1000, 0)),
    # employee at a secondary clinic: 400 covered, 300 of the 500 deductible met: 200 below, 60 % of 200
    ((1, OUTPATIENT, SECONDARY), (44000, 4000, 30000, 0, 0), (28000, 12000, 0)),
    # admission to a tertiary hospital: 12,000 covered; 1,200 first, 1,000 deductible, 70 % of 9,800
    ((0, INPATIENT, TERTIARY), (1300000, 100000, 0, 0, 0), (514000, 686000, 0)),
    # the same after 18,000 yuan of own payments: 3,540 of 5,140 lie above 19,600; 60 %
    ((0, INPATIENT, TERTIARY), (1300000, 100000, 0, 0, 1800000), (514000, 686000, 212400)),
    # the fund has 1,000 yuan left under its ceiling
    ((0, INPATIENT, TERTIARY), (1300000, 100000, 0, 19900000, 0), (1100000, 100000, 0)),
    # the rest of the stay at a centre: the 10,000 covered there met its deductible; 90 % of 900
    ((0, CONTINUED, CENTRE), (100000, 0, 1000000, 686000, 0), (19000, 81000, 0)),
    # a short first stay of 100 covered yuan left 110 of the centre's 200 (90 count after first self-pay): 90 % of 790
    ((0, CONTINUED, CENTRE), (100000, 0, 10000, 0, 0), (28900, 71100, 0)),
    # nobody wrote what the fund pays online
    ((0, OUTPATIENT, ONLINE), (5000, 0, 0, 0, 0), (5000, 0, 0)),
]


@pytest.mark.parametrize(("cell", "bill", "expected"), BILLS)
def test_bill(table, cell, bill, expected):
    charge, outside, used, fund_year, own_year = bill
    assert tuple(map(int, split(charge, outside, table[cover_row(*cell)], used, fund_year, own_year))) == expected


def test_what_the_next_yuan_costs_by_hand(table):
    """At a tertiary hospital a tenth comes first and the fund pays 70 % of the rest: 1 - 0.9 * 0.7."""
    assert table[cover_row(0, INPATIENT, TERTIARY)].first_self_pay == pytest.approx(0.1)
    assert own_of_yuan(table[cover_row(0, INPATIENT, TERTIARY)]) == pytest.approx(0.37)
    assert own_of_yuan(table[cover_row(0, OUTPATIENT, ONLINE)]) == 1.0


def test_a_bill_goes_by_the_plan_and_by_what_was_used_of_its_setting(table):
    """Visits and stays count toward deductibles and ceilings of their own; who is not enrolled has the last block."""
    cover = Cover(table, np.zeros(0, np.int64), 0)
    people = PEOPLE.rows(2)
    people["plan"], people["enrolled"], people["row"] = [0, 1], [1, 0], [0, 1]
    people["outpatient_year"], people["outpatient_fund"] = 1_000, 300
    people["inpatient_year"], people["inpatient_fund"] = 90_000, 60_000
    member, stranger = people
    centre = FACILITIES.rows(1)
    centre["tier"] = CENTRE
    family, cold = FAMILIES.rows(1)[0], CASE_GROUPS.rows(1)[0]
    force = Given(cover, RARE.rows(2), CLOCK.rows(1)[0])

    def terms(person, care):
        return tuple(map(int, terms_of(family, person, centre[0], care, cold, 0, force)))

    assert terms(member, OUTPATIENT) == (cover_row(0, OUTPATIENT, CENTRE), 1_000, 300)
    assert terms(member, INPATIENT) == (cover_row(0, INPATIENT, CENTRE), 0, 60_000)  # no yearly deductible
    assert terms(member, CONTINUED)[2] == 60_000
    assert terms(stranger, OUTPATIENT)[0] == cover_row(2, OUTPATIENT, CENTRE)
    assert float(table[cover_row(2, OUTPATIENT, CENTRE)].fund_pays) == 0.0
    table[cover_row(0, OUTPATIENT, CENTRE)].apart = 1
    try:
        force.rare["chronic_year"], force.rare["chronic_fund"] = 700, 200
        assert terms(member, OUTPATIENT) == (cover_row(0, OUTPATIENT, CENTRE), 700, 200)
    finally:
        table[cover_row(0, OUTPATIENT, CENTRE)].apart = 0


def test_an_adjustment_changes_what_it_names_alone():
    """Two yuan less of every visit to the centre: the fund pays the same share, under the same ceiling."""
    benefits = {"resident": Benefit.model_validate(RESIDENT)}
    plain = cover_table(benefits, ["resident"])
    changed = cover_table(benefits, ["resident"], [Adjustment([0], [OUTPATIENT], [CENTRE], ["signed"], waives=200)])
    asked = next(s for s in range(STATUSES) if Adjustment([0], [0], [CENTRE], ["signed"]).holds(s))
    before, after = (rows[cover_row(0, OUTPATIENT, CENTRE, asked)] for rows in (plain, changed))
    differing = {name for name in COVER.dtype.names if before[name] != after[name]}
    assert differing == {"waives"}
    assert after["waives"] == 200


def test_table_has_a_row_for_every_plan_setting_and_tier(table):
    assert len(table) == (2 + 1) * 2 * 5 * STATUSES  # the last for those who are not enrolled
    spans = [range(2), range(2), range(5), range(STATUSES)]
    rows = [int(cover_row(p, c, t, s)) for p, c, t, s in product(*spans)]
    assert rows == list(range(20 * STATUSES))
    assert cover_row(1, CONTINUED, 3) == cover_row(1, INPATIENT, 3)
    assert table[cover_row(1, INPATIENT, TERTIARY)].ceiling == NO_LIMIT
    assert table[cover_row(1, OUTPATIENT, CENTRE)].catastrophic_above == NO_LIMIT
    assert [int(table[cover_row(0, c, CENTRE)].per_year) for c in (0, 1)] == [1, 0]


@st.composite
def rows(draw):
    row = COVER.rows(1)
    row["first_self_pay"] = draw(st.sampled_from([0.0, 0.1, 0.333]))
    row["deductible"] = draw(st.integers(0, 300_000))
    row["fund_pays"] = draw(st.sampled_from([0.0, 0.5, 0.77, 1.0]))
    row["ceiling"] = draw(st.sampled_from([0, 20_000, 20_000_000, NO_LIMIT]))
    row["catastrophic_above"] = draw(st.sampled_from([0, 1_960_000, NO_LIMIT]))
    row["catastrophic_share"] = draw(st.sampled_from([0.0, 0.6, 0.999, 1.0]))
    return row[0]


FEN = st.integers(0, 50_000_000)


@given(rows(), FEN, st.floats(0, 1), FEN, FEN, FEN)
def test_parts_of_a_bill_sum_to_its_charge(row, charge, part, used, fund_year, own_year):
    outside = int(charge * part)
    own, fund, back = (int(x) for x in split(charge, outside, row, used, fund_year, own_year))
    assert own + fund + outside == charge
    assert own >= back >= 0
    assert 0 <= fund <= max(0, int(row.ceiling) - fund_year) + int(row.waives)


@given(rows(), FEN, FEN, FEN)
def test_a_larger_bill_never_costs_the_patient_less(row, charge, more, own_year):
    def paid(covered: int) -> int:
        own, _, back = split(covered, 0, row, 0, 0, own_year)
        return int(own) - int(back)

    # one fen of slack for each of the four amounts that are rounded
    assert paid(charge + more) >= paid(charge) - 4


@given(rows(), st.lists(st.integers(0, 3_000_000), min_size=1, max_size=12))
def test_repayment_over_a_year_does_not_depend_on_how_it_is_split(row, bills):
    own_year = back_year = 0
    for bill in bills:
        own, _, back = split(bill, 0, row, 0, 0, own_year)
        own_year, back_year = own_year + int(own), back_year + int(back)
    excess = max(0, own_year - int(row.catastrophic_above))
    assert back_year == int(excess * float(row.catastrophic_share) + 0.5)


PARITY = """
import hashlib, numpy as np
from simulator.benefit.cover import COVER, split
from simulator.benefit.rules.catalogue import outside
r = np.random.default_rng(7)
rows = COVER.rows(60)
rows["first_self_pay"] = r.choice([0, .05, .1], 60); rows["deductible"] = r.integers(0, 10**5, 60)
rows["fund_pays"] = r.random(60); rows["ceiling"] = r.integers(0, 10**7, 60)
rows["catastrophic_above"] = r.integers(0, 10**6, 60); rows["catastrophic_share"] = r.random(60)
out = []
for k in range(1500):
    charge = int(r.integers(0, 10**7)); beyond = outside(charge, float(r.random()))
    used, fund, own = (int(x) for x in r.integers(0, 10**6, 3))
    out += [int(beyond), *map(int, split(charge, beyond, rows[k % 60], rows[k % 60].deductible, used, fund, own))]
print(hashlib.sha256(np.array(out).tobytes()).hexdigest())
"""


def test_interpreted_and_compiled_give_the_same_bits():
    printed = {
        subprocess.run(
            [sys.executable, "-c", PARITY],
            env=os.environ | {"TIERCARE_JIT": mode, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for mode in ("0", "1")
    }
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("outpatient", "centre", "fund_pays"), "50"),
        (("inpatient", "centre", "deductible"), "200 yuan/year"),
        (("inpatient", "ceiling"), "20 万元"),
        (("inpatient", "fund_pay"), "20%"),
        (("outpatient", "deductible_is"), "per_visit"),
        (("catastrophic", "above"), "19600 yuan"),
    ],
)
def test_terms_refuse_what_could_be_mistaken(path, value):
    terms = copy.deepcopy(RESIDENT)
    block = terms
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    with pytest.raises(ValidationError) as refused:
        Benefit.model_validate(terms)
    assert refused.value.errors()[0]["loc"] == path
