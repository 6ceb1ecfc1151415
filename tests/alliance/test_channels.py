"""Channels of alliances: each says what it is, is off at zero, and does what it says, by hand."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.alliance import channels
from simulator.alliance.channels import CHANNELS, behind, consents, eases
from simulator.core import behaviour
from simulator.core.names import CENTRE, SECONDARY, STATION
from simulator.engine.state.facilities import FACILITIES

PAR = behaviour.row()[0]
PARAMETERS = {each.name: each for each in behaviour.parameters()}
EVERY = [name for each in CHANNELS.values() for name in each.channel.parameters]


def places(**columns: list) -> np.ndarray:
    """A station, a centre, a hospital that leads them, and a centre of nobody's."""
    table = FACILITIES.rows(4)
    table["tier"] = [STATION, CENTRE, SECONDARY, CENTRE]
    table["alliance"] = [0, 0, 0, -1]
    table["doctors"], table["slots"] = [1, 8, 40, 8], [100, 800, 4000, 800]
    table["capability"] = table["capability_goal"] = [0.4, 0.5, 0.7, 0.5]
    for name, values in columns.items():
        table[name] = values
    return table


def alliance(*unified: str) -> SimpleNamespace:
    return SimpleNamespace(members=np.array([True, True, True, False]), lead=2, unified=frozenset(unified))


def par(**values: float) -> np.void:
    """Every channel at zero but these."""
    return behaviour.row("prototype", dict.fromkeys(EVERY, 0.0) | values)[0]


@pytest.mark.parametrize("name", CHANNELS)
def test_every_channel_says_what_it_is(name: str):
    found = CHANNELS[name]
    assert re.match(r"[A-Z][^.]*?\([\u4e00-\u9fff、]+\)", found.about)
    assert found.channel.text.en
    assert re.search(r"[\u4e00-\u9fff]", found.channel.text.zh)
    assert found.channel.parameters or found.channel.terms


@pytest.mark.parametrize("name", EVERY)
def test_every_strength_may_be_zero_and_says_its_range(name: str):
    one = PARAMETERS[name]
    assert one.bounds[0] <= 0 < one.value
    assert re.search(r"judgement, 0 to \d", one.source)
    assert "none" in one.meaning


def test_at_zero_nothing_is_left():
    table, off = places(posted_from=[-1, 2, -1, -1], shared_drugs=[1, 1, 1, 0]), par()
    assert eases(3.0, off) == 0
    assert behind(off) == 1
    assert consents(table[2], table[1], off) == 0
    specialists = np.array([0.0, 0.3, 0.0, 0.1])
    channels.look(table, specialists, np.zeros(4), off)
    assert (table["specialists"] == specialists).all()
    assert (table["informed"] == specialists).all()
    assert (channels.slots(table, off) == 0).all()
    assert (channels.lift(table, off) == 0).all()


def test_a_referral_within_by_hand():
    """Half of three hours at a quarter of a util an hour, and one util of errands; half of the queue is passed."""
    strong = par(green_wait=0.5, green_effort=1.0, wait=0.25)
    assert eases(3.0, strong) == pytest.approx(0.5 * 3 * 0.25 + 1)
    assert behind(strong) == pytest.approx(0.5)


def test_consent_to_a_step_down_within_by_hand():
    table, strong = places(shared_drugs=[0, 1, 1, 0]), par(green_consent=0.2, share_drugs=0.08)
    assert consents(table[2], table[1], strong) == pytest.approx(0.28)
    assert consents(table[2], table[0], strong) == pytest.approx(0.2)


def test_only_primary_care_of_members_is_better_known():
    """Of what specialists leave of a misperception, a fifth."""
    table = places()
    channels.look(table, np.array([0.0, 0.5, 0.0, 0.5]), np.zeros(4), par(alliance_known=0.2))
    assert table["specialists"] == pytest.approx([0.0, 0.5, 0.0, 0.5])
    assert table["informed"] == pytest.approx([0.2, 0.6, 0.0, 0.5])


def test_shared_staff_by_hand():
    """Two hours for each of eight doctors, half-saturated at two: half of 20 % of a gap of 0.2, half of what can be
    seen, and 16 of 40 × 160 hours take 10 of 4,000 slots along."""
    table = places()
    channels.enforce(table, [alliance("staff")])
    assert table["posted_from"].tolist() == [-1, 2, -1, -1]
    strong = par(posted_hours=2, outreach_half=2, outreach_gap=0.2, outreach_seen=0.6, outreach_month=160)
    assert channels.lift(table, strong) == pytest.approx([0, 0.02, 0, 0])
    assert channels.slots(table, strong).tolist() == [0, 10, -10, 0]
    channels.look(table, np.zeros(4), np.zeros(4), strong)
    assert table["specialists"] == pytest.approx([0, 0.3, 0, 0])
    assert table["informed"] == pytest.approx([0, 0.3, 0, 0])


@pytest.mark.parametrize(("unified", "columns"), [("staff", "posted_from"), ("drugs", "shared_drugs")])
def test_what_is_not_shared_is_not_there_and_ends_with_the_alliance(unified: str, columns: str):
    table = places()
    usual = table[columns].copy()
    channels.enforce(table, [alliance()])
    assert (table[columns] == usual).all()
    channels.enforce(table, [alliance(unified)])
    assert (table[columns] != usual).any()
    assert table[columns][3] == usual[3]
    channels.enforce(table, [])
    assert (table[columns] == usual).all()


def test_a_lead_without_specialists_posts_nobody():
    table = places(tier=[STATION, CENTRE, CENTRE, CENTRE])
    channels.enforce(table, [alliance("staff")])
    assert (table["posted_from"] == -1).all()
