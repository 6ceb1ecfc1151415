"""What says the same gives the same: an arm that changes nothing, and places under other names."""

import re

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.count.indicators.catalogue import INDICATORS
from tests.random_places import specs
from tests.small import Spec, answer, model

QUICK = settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
PLACES = (
    "network={form: list, facilities: {clinics: {tier: station, count: 3, under: middle}, "
    "middle: {tier: centre, count: 2}, county: {tier: secondary}, far: {tier: tertiary}}}",
    "baseline.alliances={group: {form: county_community, lead: county, members: {below: county}, tightness: 0.5, "
    "unified: [staff]}}",
    "time={start: 2022-12, warm_up: 1 months}",
)
OTHER = {"clinics": "乙诊所", "middle": "a b-c", "county": "Zz_9", "far": "Äußeres"}


@QUICK
@given(spec=specs())
def test_an_arm_that_says_what_holds_anyway_is_the_baseline(spec: Spec):
    said = dict(
        change.split("=", 1) for change in spec.changes if re.match(r"baseline\.benefit\.\w+\.\w+\.ceiling=", change)
    )
    values = "".join(
        f"{plan}: {{{care}: {{ceiling: {said[f'baseline.benefit.{plan}.{care}.ceiling']}}}}}, "
        for plan, care in (("resident", "outpatient"), ("employee", "inpatient"))
    )
    start = next(change for change in spec.changes if change.startswith("time="))[13:20]
    same = f"{{title: {{en: The same, zh: 相同}}, timeline: {{{start}: {{benefit: {{{values}}}}}}}}}"
    changes = tuple(change for change in spec.changes if not change.startswith("reforms="))
    both = spec._replace(changes=(*changes, f"reforms.same={same}"))
    assert answer(both._replace(arm="same")) == answer(both._replace(arm="baseline"))


@QUICK
@given(spec=specs(), rate=st.sampled_from(["-10%", "3%", "50%"]))
def test_all_money_growing_alike_moves_nobody(spec: Spec, rate: str):
    """People, choices, books and accounts in the money of the first year are the same to the last bit; what is told in
    yuan is told in those of the year."""
    still = spec._replace(changes=tuple(change for change in spec.changes if not change.startswith("growth=")))
    one, other = model(still).run(), model(still._replace(changes=(*still.changes, f"growth.money={rate}"))).run()
    for table in ("families", "persons", "facilities", "beliefs"):
        assert getattr(one.world, table).tobytes() == getattr(other.world, table).tobytes()
    assert one.world.ledger.balance.tolist() == other.world.ledger.balance.tolist()
    index = [1.0] if not one.observer.months else [1.0, other.world.money_index]
    for before, after in zip(one.observer.months, other.observer.months, strict=True):
        for row, grown in zip(before["indicators"], after["indicators"], strict=True):
            assert row[:5] == grown[:5]
            assert row[6] == grown[6]
            yuan = row[0] in INDICATORS and INDICATORS[row[0]].unit == "yuan"
            assert any(grown[5] == row[5] * by for by in (index if yuan else [1.0]))


@QUICK
@given(seed=st.integers(0, 2**31), families=st.integers(20, 80))
def test_places_under_other_names_do_the_same(seed: int, families: int):
    one = Spec(PLACES, families, 3, seed)
    renamed = tuple(
        re.sub(r"\b(clinics|middle|county|far)\b(?!_)", lambda name: OTHER[name[0]], each) for each in PLACES
    )
    other = Spec(tuple(each.replace("Zz_9_community", "county_community") for each in renamed), families, 3, seed)
    first, second = model(one).run(), model(other).run()
    assert first.world.words.facilities != second.world.words.facilities
    assert first.digest() == second.digest()
    here, there = first.frames()["monthly"], second.frames()["monthly"]
    pd.testing.assert_frame_equal(here, there)
