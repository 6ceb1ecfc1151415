"""Signs of gaming. Beliefs are numbers written by hand: what pays is done, what is fined is done less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core.names import CENTRE, SECONDARY, TESTS
from simulator.practice.weigh import dared
from tests.practice.test_conduct import BY_CASE, BY_SERVICE, PAR, settled

FALSE = ("split", "idle", "select", "false_down")
BY_DAY = {"outpatient": 0.09, "inpatient": 0.09, "continued": 0.0, "day": 750.0}
"""A price for the day."""
GAMES = {
    "split": (BY_CASE, "weight", (0, 4000, 8700, 20_000)),
    "idle": (BY_DAY, "day", (0, 200, 750, 2000)),
    "false_down": (BY_SERVICE, "recorded", (0, 300, 600, 2000)),
}
"""Conduct, beliefs, and rising worth of the entry that it makes."""


@given(gain=st.floats(-1e5, 1e5), more=st.floats(0, 1e4), honesty=st.floats(1, 1e4), scale=st.floats(10, 5000))
def test_what_is_dared(gain: float, more: float, honesty: float, scale: float):
    """Nothing without gain, never more than all of it, and more for more."""
    now, then = dared(gain, honesty, scale), dared(gain + more, honesty, scale)
    assert 0.0 <= now <= then + 1e-12 <= 1.0 + 1e-9
    if gain <= 0:
        assert now == 0.0
    assert dared(1e-9, honesty, scale) == pytest.approx(0.0, abs=1e-6)


def test_nothing_false_where_nothing_pays():
    """Paid by service, an invented case, day or record earns nothing, and a dear patient pays for the care."""
    place = settled(BY_SERVICE)
    assert [place[name] for name in FALSE] == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("name", GAMES)
def test_games_follow_their_price_fine_and_honesty(name: str):
    beliefs, entry, worth = GAMES[name]
    by_price = [settled(beliefs | {entry: yuan})[name] for yuan in worth]
    assert by_price[0] == 0.0
    assert by_price == sorted(by_price)
    assert by_price[-1] > by_price[1]
    assert by_price[-1] <= PAR[{"false_down": "false_most"}.get(name, f"{name}_most")][0]
    fined = [dict.fromkeys(("penalty", "record_penalty"), share) for share in (0.0, 0.3, 0.6, 1.0, 3.0)]
    by_fine = [settled(beliefs | {entry: worth[2]} | fine)[name] for fine in fined]
    assert by_fine == sorted(by_fine, reverse=True)
    assert by_fine[0] > 2 * by_fine[2]
    assert by_fine[-2:] == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("name", GAMES)
def test_more_altruistic_doctors_cheat_less(name: str, monkeypatch: pytest.MonkeyPatch):
    beliefs, entry, worth = GAMES[name]
    usual = settled(beliefs | {entry: worth[2]})[name]
    caring = PAR.copy()
    caring["altruism"] = 3.0
    monkeypatch.setattr("tests.practice.test_conduct.PAR", caring)
    assert settled(beliefs | {entry: worth[2]})[name] < usual / 2


def test_refusal_follows_the_loss_on_dear_patients():
    """A case price that barely covers the usual case loses on a dear one; one that grows with what the patient needs
    (a fen billed earns more on top) takes the loss and the refusals away, and so does a price that leaves enough."""
    short = BY_CASE | {"weight": 2000.0}
    refused = [settled(short | {"inpatient": share}, bed_use=0.5)["select"] for share in (0.09, 0.3, 0.5, 0.8)]
    assert refused == sorted(refused, reverse=True)
    assert refused[0] > 0.08
    assert refused[-1] == 0.0
    by_price = [settled(BY_CASE | {"weight": yuan}, bed_use=0.5)["select"] for yuan in (2000.0, 4000.0, 9000.0)]
    assert by_price[0] > by_price[1] >= by_price[2] == 0.0


def test_full_beds_make_a_place_choosy():
    """A dear patient who would still leave something is refused where the next one leaves more."""
    by_use = [settled(BY_CASE | {"weight": 5500.0}, bed_use=use)["select"] for use in (0.5, 0.9, 1.0)]
    assert by_use[0] < by_use[1] < by_use[2]


def test_tests_are_repeated_where_they_pay():
    base = settled({"outpatient": [0.9, 0.6, 0.7]})["retest"]
    paid, bare = settled(BY_SERVICE)["retest"], settled(BY_CASE)["retest"]
    assert bare < base < paid <= PAR["retest_most"][0]
    by_continued = [
        settled({"continued": share}, tier=CENTRE, marginal_cost=[0.9, 0.6, 0.7])["retest"] for share in (0.0, 0.6, 1.0)
    ]
    assert by_continued[0] < by_continued[1] < by_continued[2]
    assert by_continued[1] == pytest.approx(base)


def test_nothing_of_the_past_decides_what_is_outside_the_catalogue():
    """Where a covered yuan earns `shift_at` less than one outside, the share is the usual one, whatever was before."""
    worth = (1 - PAR["shift_at"][0]) * 0.91 + 0.09
    parts = {"outpatient_parts": [0.4, 0.38, 0.22], "inpatient_parts": [0.26, 0.42, 0.32], "outside": 0.09}
    for before in (-0.05, 0.0, 0.2):
        place = settled({"outpatient": worth, "inpatient": worth}, shifted=[before, before], **parts)
        assert place["shifted"] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_charges_move_to_patients_as_cover_earns_less():
    """By setting, within bounds; above the agreed limit the same loss moves a quarter as much."""
    usual = {"outside": 0.09}
    path = [settled(BY_SERVICE | {"inpatient": share}, **usual)["shifted"][1] for share in (1.0, 0.6, 0.3, 0.09, -1.0)]
    assert path == sorted(path)
    assert path[0] == pytest.approx(-PAR["shift_at"][0] / PAR["shift_cost"][0])
    below, above = (
        [settled(BY_SERVICE | {"inpatient": share}, **usual)["shifted"][1] for share in pair]
        for pair in ((0.6, 0.5), (-1.0, -1.1))
    )
    assert (below[1] - below[0]) / (above[1] - above[0]) == pytest.approx(4.0)
    assert settled(BY_SERVICE | {"inpatient": -99.0}, **usual)["shifted"][1] == pytest.approx(
        PAR["shift_most"][0] - 0.09
    )
    assert settled(BY_SERVICE | {"inpatient": 9.0}, **usual)["shifted"][1] == pytest.approx(
        PAR["shift_least"][0] - 0.09
    )


def test_who_can_do_what():
    """A station has no beds to game with, a centre sends nobody down."""
    paid = BY_CASE | {"recorded": 2000.0, "day": 2000.0, "weight": 20_000.0}
    station = settled(paid, tier=0, bed_days=0)
    assert [station[name] for name in FALSE] == [0.0, 0.0, 0.0, 0.0]
    assert settled(paid, tier=CENTRE)["false_down"] == 0.0 < settled(paid, tier=SECONDARY)["false_down"]
    assert settled(paid, tier=CENTRE)["split"] > 0.0
    assert settled(paid)["marginal_cost"][TESTS] == 0.6
