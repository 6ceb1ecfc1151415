"""Supplementary payers: who is entitled, how much each pays, in which order; worked by hand, and laws for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulator.benefit.cover import COVER, NO_LIMIT
from simulator.benefit.layers import (
    ACCOUNT,
    AID,
    CHARITY,
    INDEMNITY,
    MEMBER,
    MUTUAL,
    PAYERS,
    POINTS,
    POLICY,
    Offer,
    Owed,
    Product,
    expected_left,
    pay_layers,
    product_rows,
)
from simulator.core.names import CENTRE, INPATIENT, OUTPATIENT, SECONDARY, STATION
from simulator.engine.state.facilities import FACILITIES
from simulator.engine.state.people import FAMILIES, PEOPLE, RARE
from simulator.fund.extras import KINDS

GROUPS = ("cold", "cataract", "cancer")
HOME, CENTRE_ROW, HOSPITAL = 0, 1, 2


def anybody(**columns):
    """A family, its one person, the row of the cover table of its bills, and what few rules keep of the person."""
    family, person, row = FAMILIES.rows(1)[0], PEOPLE.rows(1)[0], COVER.rows(1)[0]
    family.place[:3] = [HOME, CENTRE_ROW, HOSPITAL]
    for name, value in columns.items():
        where = next(each for each in (family, person, row) if name in each.dtype.names)
        where[name] = value
    return family, person, row, RARE.rows(1)[0]


def facility(tier: int):
    row = FACILITIES.rows(1)[0]
    row.tier = tier
    return row


def paid(who, products, own, outside=0, care=INPATIENT, group=1, f=HOSPITAL, tier=SECONDARY):
    """What is left in cash, and what each payer pays; the forecast says the same."""
    family, person, row, rare = who
    place, owed = facility(tier), Owed(f, care, group, own, outside)
    forecast = expected_left(family, person, rare, place, owed, row, products)
    account, extra = int(family.account), np.zeros(len(PAYERS), np.int64)
    left = int(pay_layers(family, person, rare, place, owed, row, products, extra))
    assert left + extra.sum() == own + outside
    assert tuple(map(int, forecast)) == (left, account - int(family.account))
    return left, extra.tolist()


def rows(*offers: Offer) -> np.ndarray:
    return product_rows(offers, GROUPS)


def test_kinds_of_postings_are_the_payers():
    assert PAYERS == KINDS


def test_each_payer_looks_at_what_those_before_it_left():
    products = rows(
        Offer(CHARITY, Product(pays=0.5), catastrophic=True),
        Offer(INDEMNITY, Product(pays=0.5, outside_catalogue=True), policy=POLICY),
        Offer(MUTUAL, Product(pays=0.4), policy=MEMBER),
        Offer(AID, Product(pays=0.7), poor=True),
    )
    who = anybody(poor=1, policies=MEMBER | POLICY, paid_year=2_000_000, catastrophic_at=1_000_000)
    # 10,000 covered and 2,000 outside: aid 7,000; mutual 40 % of 3,000; policy half of 1,800 + 2,000; charity half of
    # nothing, as the policy pays covered items first
    left, extra = paid(who, products, 1_000_000, 200_000)
    assert extra[:4] == [700_000, 120_000, 190_000, 0]
    assert left == 190_000


def test_who_is_entitled():
    products = rows(Offer(AID, Product(pays=1.0), plan=0, poor=True))
    assert paid(anybody(poor=1), products, 5_000)[0] == 0
    assert paid(anybody(), products, 5_000)[0] == 5_000
    assert paid(anybody(poor=1, plan=1), products, 5_000)[0] == 5_000
    member = rows(Offer(MUTUAL, Product(pays=1.0), policy=MEMBER))
    assert paid(anybody(policies=POLICY), member, 5_000)[0] == 5_000
    assert paid(anybody(policies=MEMBER | POLICY), member, 5_000)[0] == 0
    ruined = rows(Offer(CHARITY, Product(pays=1.0), catastrophic=True))
    assert paid(anybody(paid_year=9, catastrophic_at=10), ruined, 5_000)[0] == 5_000
    assert paid(anybody(paid_year=11, catastrophic_at=10), ruined, 5_000)[0] == 0
    children = rows(Offer(MUTUAL, Product(pays=1.0, age_below=15, care="outpatient")))
    assert paid(anybody(age=14), children, 5_000, care=OUTPATIENT)[0] == 0
    assert paid(anybody(age=15), children, 5_000, care=OUTPATIENT)[0] == 5_000
    assert paid(anybody(age=14), children, 5_000, care=INPATIENT)[0] == 5_000
    single = rows(Offer(MUTUAL, Product(pays=1.0, groups="cataract")))
    assert paid(anybody(), single, 5_000, group=1)[0] == 0
    assert paid(anybody(), single, 5_000, group=2)[0] == 5_000


def test_a_service_card_pays_at_home_until_it_is_used_up():
    card = rows(Offer(MUTUAL, Product(pays=1.0, at_home=True, tiers="primary", care="outpatient", ceiling=6_000)))
    who = anybody()
    assert paid(who, card, 4_000, care=OUTPATIENT, f=CENTRE_ROW, tier=CENTRE)[0] == 0
    assert paid(who, card, 4_000, care=OUTPATIENT, f=HOME, tier=STATION)[0] == 2_000
    assert paid(who, card, 4_000, care=OUTPATIENT, f=HOME, tier=STATION)[0] == 4_000
    other = anybody()
    assert paid(other, card, 4_000, care=OUTPATIENT, f=7, tier=CENTRE)[0] == 4_000
    assert paid(other, card, 4_000, care=OUTPATIENT, f=HOSPITAL, tier=SECONDARY)[0] == 4_000


def test_threshold_over_the_year():
    """Medical aid above 3,000 yuan a year: bills of 2,000 yuan each."""
    aid, who = rows(Offer(AID, Product(pays=0.7, above=300_000))), anybody()
    assert paid(who, aid, 200_000)[1][AID] == 0
    assert paid(who, aid, 200_000)[1][AID] == 70_000  # 1,000 lie above
    assert who[3].net_year == 330_000
    assert paid(who, aid, 200_000)[1][AID] == 140_000


def test_ceilings_are_of_payer_and_setting():
    both = rows(
        Offer(MUTUAL, Product(pays=1.0, care="inpatient", ceiling=10_000)),
        Offer(MUTUAL, Product(pays=1.0, care="outpatient", ceiling=500)),
    )
    who = anybody()
    assert paid(who, both, 12_000)[0] == 2_000
    assert paid(who, both, 800, care=OUTPATIENT)[0] == 300
    assert paid(who, both, 800, care=OUTPATIENT)[0] == 800
    any_care = rows(Offer(MUTUAL, Product(pays=1.0, ceiling=10_600)))
    assert paid(who, any_care, 800)[0] == 700


def test_points_then_account():
    family, _, row, rare = who = anybody(points=1_000, account=2_500, redeem=0.5)
    row.account = 1
    none = rows()
    assert paid(who, none, 3_000, 600, care=OUTPATIENT) == (100, [0, 0, 0, 0, 2_500, 1_000])
    assert (family.points, family.account, rare.net_year, rare.beyond_year) == (0, 0, 3_000, 600)
    family.account, row.account = 2_500, 0
    assert paid(who, none, 3_000)[1][ACCOUNT] == 0
    family.points, row.redeem = 400, 0.0
    assert paid(who, none, 3_000)[1][POINTS] == 0


@st.composite
def offers(draw):
    product = Product(
        pays=draw(st.sampled_from([0.0, 0.3, 0.77, 1.0])),
        above=draw(st.sampled_from([0, 1_000, 300_000])),
        ceiling=draw(st.none() | st.sampled_from([0, 777, 200_000])),
        care=draw(st.sampled_from([None, "outpatient", "inpatient"])),
        outside_catalogue=draw(st.booleans()),
    )
    return Offer(draw(st.integers(0, 3)), product, poor=draw(st.booleans()), policy=draw(st.integers(0, 3)))


FEN = st.integers(0, 3_000_000)


@given(
    st.lists(offers(), max_size=4, unique_by=lambda o: o.payer),
    st.lists(st.tuples(FEN, FEN, st.integers(0, 2)), max_size=5),
    st.tuples(FEN, FEN, st.integers(0, 3)),
)
def test_laws(chosen, bills, has):
    """Nobody pays more than is left or than its ceiling, and all that is paid makes up the bill (see `paid`)."""
    products = product_rows(chosen, GROUPS)
    family, _, row, rare = who = anybody(poor=1, account=has[0], points=has[1], policies=has[2], redeem=0.5)
    row.account = 1
    total = np.zeros(len(PAYERS), np.int64)
    for own, outside, care in bills:
        left, extra = paid(who, products, own, outside, care=care)
        assert min([left, *extra]) >= 0
        total += extra
    assert min(int(family.account), int(family.points)) >= 0
    assert int(family.account) == has[0] - total[ACCOUNT]
    assert rare.layer_year.sum() == total[:4].sum()
    for product in products:
        if product.ceiling < NO_LIMIT:
            assert total[product.payer] <= product.ceiling


def test_products_stand_by_payer_and_group():
    table = rows(
        Offer(CHARITY, Product(pays=0.1)),
        Offer(MUTUAL, Product(pays=0.2, groups=("cancer", "cold"))),
        Offer(AID, Product(pays=0.3)),
    )
    assert table["payer"].tolist() == [AID, MUTUAL, MUTUAL, CHARITY]
    assert table["group"].tolist() == [-1, 2, 0, -1]
    assert len(rows()) == 0


@pytest.mark.parametrize("wrong", [{"pays": "70"}, {"pays": "70%", "tiers": "primry"}, {"pays": "70%", "cares": "x"}])
def test_refused(wrong):
    with pytest.raises(ValidationError):
        Product.model_validate(wrong)
