"""Merging: by name, kinds, removal, tier groups, changes; who overrides a number does not inherit its citation."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.scenario.language.merge import change, check_names, expand, merge, plain
from simulator.scenario.language.strict_yaml import read
from simulator.scenario.language.values import cite

BASE = """
baseline:
  plans: {resident: {kind: basic, premium: 380 yuan/year}}
  payment:
    hospitals: {for: {tiers: hospital}, title: {en: H, zh: 医}, rule: drg, base_rate: 8700, coefficient: {centre: 1}}
    others: {for: rest, rule: fee_for_service}
findings: [{a: b}]
"""


def merged(patch: str, base: str = BASE) -> dict:
    return plain(merge(read(base, "base"), read(patch, "patch")))


def test_maps_merge_by_name_and_lists_are_replaced() -> None:
    out = merged("{baseline: {payment: {hospitals: {base_rate: 9000}}}, findings: [{c: d}]}")
    assert out["baseline"]["payment"]["hospitals"]["base_rate"] == "9000"
    assert out["baseline"]["payment"]["hospitals"]["coefficient"] == {"centre": "1"}
    assert list(out["baseline"]["payment"]) == ["hospitals", "others"]
    assert out["findings"] == [{"c": "d"}]


def test_a_scope_is_replaced_whole() -> None:
    out = merged("baseline.payment.hospitals.for: {care: inpatient}")
    assert out["baseline"]["payment"]["hospitals"]["for"] == {"care": "inpatient"}


def test_a_new_kind_keeps_whom_it_is_for_and_drops_the_old_parameters() -> None:
    out = merged("baseline.payment.hospitals: {rule: fee_for_service}")["baseline"]["payment"]["hospitals"]
    assert out == {"for": {"tiers": "hospital"}, "title": {"en": "H", "zh": "医"}, "rule": "fee_for_service"}


def test_the_same_kind_named_again_drops_nothing() -> None:
    assert merged("baseline.payment.hospitals: {rule: drg}") == plain(read(BASE, "base"))


def test_remove_takes_away_and_needs_something_to_take() -> None:
    assert "others" not in merged("baseline.payment.others: remove")["baseline"]["payment"]
    with pytest.raises(UserError, match="cannot be removed"):
        merged("baseline.payment.other: remove")
    with pytest.raises(UserError, match="cannot be removed"):
        merged("baseline.payment.new: {cap: {growth: remove}}")


def test_neither_side_is_changed_and_every_replacement_is_logged() -> None:
    base, patch, log = read(BASE, "base"), read("baseline.payment.hospitals.base_rate: 9000", "patch"), []
    before = plain(base)
    merge(base, patch, log=log)
    assert plain(base) == before
    assert [(c.path, c.old, c.new, c.old_place.file, c.new_place.file) for c in log] == [
        ("baseline.payment.hospitals.base_rate", "8700", "9000", "base", "patch")
    ]


def test_tier_groups_expand_in_tables_but_not_among_names() -> None:
    tree = expand(read("facilities: {primary: {beds: 1}}\nbaseline: {payment: {hospital: {rule: drg}}}", "f"))
    assert plain(tree)["facilities"] == {"station": {"beds": "1"}, "centre": {"beds": "1"}}
    assert list(plain(tree)["baseline"]["payment"]) == ["hospital"]


def test_group_and_tier_may_share_a_table_without_overlapping() -> None:
    tree = expand(read("t: {primary: {a: 1}, centre: {b: 2}}", "f"))
    assert plain(tree)["t"] == {"station": {"a": "1"}, "centre": {"a": "1", "b": "2"}}
    for text in ("t: {primary: {a: 1}, centre: {a: 2}}", "t: {centre: 1, primary: 2}"):
        with pytest.raises(UserError, match="stands for"):
            expand(read(text, "f"))


def test_a_child_can_change_one_tier_of_a_group() -> None:
    base, child = expand(read("t: {primary: {a: 1}}", "base")), expand(read("t: {centre: {a: 2}}", "child"))
    assert plain(merge(base, child))["t"] == {"station": {"a": "1"}, "centre": {"a": "2"}}


@pytest.mark.parametrize("text", ["a.b=5", "a.b={c: 5}", "a.b=[1, 2]", "a.b=remove", "a.b = 5 yuan"])
def test_changes_are_patches(text: str) -> None:
    value = plain(change(text))["a"]["b"]
    assert value == plain(read(text.split("=")[1].strip(), "f"))


@pytest.mark.parametrize("text", ["a.b", "=5", "a..b=5", "a.b=", "a=yes", "a={", "a=&x 5"])
def test_changes_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        change(text)


def test_a_change_inside_a_block_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match="did you mean `hospitals`"):
        check_names(read(BASE, "base"), change("baseline.payment.hospital.base_rate=9000"))


def test_citations_hold_for_the_same_file_only_and_the_nearest_wins() -> None:
    base, _ = cite(read("t: {source: {a: one, b: two}, year: 2020, x: {a: 1, b: 2, c: 3}}", "base"))
    child, _ = cite(read("t: {x: {a: {value: 9, source: own, note: why}, b: 8}}", "child"))
    x = merge(base, child).items["t"].items["x"].items
    assert [(x[k].text, x[k].source, x[k].year) for k in "abc"] == [
        ("9", "own", None),
        ("8", None, None),
        ("3", None, "2020"),
    ]
    assert x["a"].note == "why"


def test_long_values_join_their_unit() -> None:
    tree, citations = cite(
        read("{a: {value: 7.2, unit: months, source: s, range: [6, 9]}, b: {value: 6, unit: '%'}}", "f")
    )
    assert plain(tree) == {"a": "7.2 months", "b": "6%"}
    assert tree.items["a"].range == ("6", "9")
    assert [c.text for c in citations] == ["s"]


TREES = st.recursive(
    st.sampled_from(["1", "2", "x"]),
    lambda below: st.dictionaries(st.sampled_from("abcd"), below, min_size=1, max_size=3),
    max_leaves=8,
).filter(lambda t: isinstance(t, dict))


@given(TREES, TREES, TREES)
def test_merging_patches_first_changes_nothing(a: dict, b: dict, c: dict) -> None:
    """Two patches laid over each other do what they do one after the other, if all have blocks in the same places."""
    a, b, c = (read(json.dumps(t), "f") for t in (a, b, c))
    left, right = merge(merge(a, b), c), merge(a, merge(b, c))
    if _same_shape(plain(a), plain(b)) and _same_shape(plain(b), plain(c)) and _same_shape(plain(a), plain(c)):
        assert plain(left) == plain(right)
    assert plain(merge(a, a)) == plain(a)


def _same_shape(a: object, b: object) -> bool:
    if isinstance(a, dict) != isinstance(b, dict):
        return False
    return not isinstance(a, dict) or all(_same_shape(a[k], b[k]) for k in a.keys() & b.keys())
