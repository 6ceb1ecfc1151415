"""Whoever overrides is asked and nobody else; what is decided is checked, and told to those who call a decision by
hand."""

from typing import Any

import numpy as np
import pytest

from simulator.agents.family import Family
from simulator.agents.places import CountyHospital, Facility, FamilyDoctor
from simulator.core.errors import ModelError
from simulator.core.names import CENTRE
from simulator.engine.state.episodes import EPISODES, PER_PERSON, VISITS
from simulator.model import HealthSystem
from simulator.referral.down import ACCEPTED, CONSENTED
from tests.small import AMPLE, COUNTY, SHORT, Spec, model

PLACE = Spec((SHORT, COUNTY, *AMPLE), families=40, months=3, seed=3)


def hospital(system: HealthSystem) -> Facility:
    return next(place for place in system.facilities if place.tier == "tertiary")


def digest(**how: Any) -> str:
    return model(PLACE, **how).run().digest()


@pytest.mark.long
def test_nobody_is_an_agent_of_its_own_until_looked_at():
    system = model(PLACE)
    system.run_for(2)
    assert system.families.made == {}
    assert system.families[-1] is system.families[39]
    assert list(system.families.made) == [39]
    assert [family.index for family in system.families] == list(range(40))
    assert system.run().digest() == digest()
    with pytest.raises(IndexError, match="0 to 39, not 40"):
        _ = system.families[40]


def test_only_who_overrides_is_asked():
    asked: list[tuple[str, int]] = []

    class Two(Family):
        def __init__(self, system: Any, row: int):
            super().__init__(system, row)
            if row == 7:
                self.live = self.lives

        def lives(self) -> None:
            asked.append(("live", self.index))
            Family.live(self)

    system = model(PLACE, family=Two)
    system.families[3].choose = lambda: asked.append(("choose", 3)) or Family.choose(system.families[3])
    system.step()
    assert sorted(asked) == [("choose", 3), ("live", 7)]
    del system.families[3].choose
    system.families[9].remove()
    system.run()
    assert asked.count(("choose", 3)) == 1
    assert system.digest() == digest()


def test_an_agent_made_later_takes_the_place_of_the_one_before():
    class Homebody(Family):
        def choose(self) -> np.ndarray:
            episodes = super().choose()
            self.stay_home(episodes)
            return episodes

    system = model(PLACE)
    first = system.families[5]
    second = Homebody(system, 5)
    assert system.families[5] is second
    assert first not in system.agents
    assert len(system.agents_by_type[Homebody]) == 1
    system.run()
    assert system.world.families["paid_year"][5] == 0


def test_columns_are_attributes_of_agents():
    system = model(PLACE)
    family, facility = system.families[4], system.facilities[0]
    family.trust, family.mood = 0.25, "calm"
    facility.stay = 1.5
    assert system.world.families["trust"][4] == family.trust == 0.25
    assert family.mood == "calm"
    assert system.world.facilities["stay"][0] == facility.stay == 1.5
    assert family.places == system.family(4).places
    with pytest.raises(AttributeError, match="no column"):
        _ = family.colour


@pytest.mark.parametrize("everybody", [False, True])
def test_a_class_of_facilities_takes_the_place_of_those_it_derives_from(everybody: bool):
    class Brisk(CountyHospital):
        def decide(self) -> dict[str, Any] | None:
            found = super().decide()
            self.stay = 0.9
            return found

    class Watched(Facility):
        """Decides by the rules."""

    class Gentle(FamilyDoctor):
        def decide(self) -> None:
            self.facility.follow = 1.0

    system = model(PLACE, facility=Brisk, doctor=Gentle, engine="agents" if everybody else "fast").run()
    brisk = [f for f in system.facilities if isinstance(f, Brisk)]
    assert {f.tier for f in brisk} == {"secondary"}
    assert {f.stay for f in brisk} == {0.9}
    assert (system.world.facilities["follow"] == 1.0).all()
    assert all(isinstance(f, Watched) for f in model(PLACE, facility=Watched).facilities)
    assert digest(facility=Watched) == digest()
    one = model(PLACE, facility=lambda system, row: Brisk(system, row) if row == 0 else None)
    assert [type(f) is Brisk for f in one.facilities] == [True] + [False] * 7


def test_decisions_called_by_hand_tell_what_was_decided():
    system = model(PLACE)
    system.run_for(2)
    facility = hospital(system)
    decided = facility.decide()
    assert decided
    assert decided["intensity_in"].tolist() == facility.row["intensity_in"].tolist()
    assert {"stay", "upcode"} < decided.keys()
    assert {"follow", "manage"} < (system.doctors[0].decide() or {}).keys()
    assert not decided.keys() & (system.doctors[0].decide() or {}).keys()
    rows = np.concatenate([family.choose() for family in system.families])
    assert rows.dtype == EPISODES.one.dtype
    assert len(rows) > 10
    ill = next(family for family in system.families if len(family.choose()))
    episodes = ill.choose()
    assert ill.choose_bed(episodes) is episodes
    assert ill.consent(episodes) is episodes
    for decision in (ill.live, lambda: ill.receive(episodes)):
        with pytest.raises(ModelError, match=r"part of a month.*model\.step"):
            decision()


def run_with(decision: str, change: Any, months: int = 3) -> None:
    """A run in which every family changes what it decides by the rules."""

    class Wrong(Family):
        pass

    def decide(self: Family, *episodes: Any) -> Any:
        return change(self, getattr(Family, decision)(self, *episodes))

    setattr(Wrong, decision, decide)
    model(PLACE._replace(months=12), family=Wrong).run_for(months)


def written(column: str, value: Any):
    """A family that writes a value into the column of all its episodes, if it has any."""

    def change(family: Family, episodes: np.ndarray) -> np.ndarray:
        episodes[column] = value(family, episodes) if callable(value) else value
        return episodes

    return change


def centre(family: Family, episodes: np.ndarray) -> np.ndarray:
    """Asks for the centre, saying only that."""
    episodes["ask_place"] = family.place[CENTRE]
    return episodes


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda family, episodes: None, r"`choose` of family \d+ \(Wrong\): it must return rows of EPISODES.*not None"),
        (lambda family, episodes: episodes["kind"], "rows of EPISODES"),
        (centre, r"`ask_place` of episode \d+ is \d+; the place behind its option: -?\d+"),
        (written("option", -1), "`ask_place` of episode 0 .*behind its option: -1"),
        (written("option", 7), "no place behind it"),
        (written("option", 50), "option of choice, -1 to 7"),
        (written("ask", 0), "the slot pool of the place asked"),
        (written("amount", 3), "slots asked for: [01]"),
        (written("second_place", 10_000), "does not exist"),
        (written("second", 3), "the slot pool of the second place"),
        (written("family", 2), "the row of the family that decides"),
        (written("person", lambda family, rows: rows["person"] + 500), "not one of its members"),
        (written("person", lambda family, rows: rows["person"][::-1]), "order of persons"),
        (written("number", lambda family, rows: 1), "same number"),
        (written("group", 1_000), "row of the case groups"),
        (written("severity", np.nan), "severity, 0.0 to 1.0"),
        (written("day", 31), "day of the month"),
        (written("key", 256), "order of service"),
        (written("got", 1), "nothing is given yet"),
        (written("kind", 6), "kind of the episode"),
        (lambda family, episodes: np.repeat(episodes[:1], PER_PERSON + 1), "at most 6 episodes"),
    ],
)
def test_an_intent_that_cannot_be(change: Any, message: str):
    with pytest.raises(ModelError, match=message):
        run_with("choose", change, months=2)


@pytest.mark.parametrize(
    ("decision", "change", "message"),
    [
        ("choose_bed", written("severity", 0.5), "`severity` .*what happened cannot be changed here"),
        ("choose_bed", written("got", 0), "call super"),
        ("choose_bed", written("takes_bed", 1), "no admission is needed"),
        ("choose_bed", written("takes_bed", 0), "a facility exactly as the patient accepts"),
        ("choose_bed", written("ask_place", 0), "the facility in `ask`"),
        ("choose_bed", written("amount", 0), "days wanted there"),
        ("choose_bed", lambda family, rows: rows[:-1], "must return its episodes or None"),
        ("consent", written("stage", CONSENTED), "a facility exactly as the patient consents"),
        ("consent", written("stage", 9), "stage of the step down"),
        ("consent", written("days", 1), "what happened cannot be changed here"),
    ],
)
def test_an_answer_that_cannot_be(decision: str, change: Any, message: str):
    with pytest.raises(ModelError, match=message):
        run_with(decision, change)


def test_answers_that_can_be():
    """Nobody accepts a bed; nobody moves down; everybody adds an illness or leaves one out: all of it runs on."""

    def home(family: Family, rows: np.ndarray) -> np.ndarray:
        no = np.flatnonzero(rows["kind"] != 2)
        for column, value in (("takes_bed", 0), ("ask", -1), ("ask_place", -1), ("amount", 0)):
            rows[column][no] = value
        for column, value in (("second", -1), ("second_place", -1), ("second_amount", 0)):
            rows[column][no] = value
        return rows.copy()  # a changed copy will do

    def stay(family: Family, rows: np.ndarray) -> None:
        rows["stage"] = np.minimum(rows["stage"], ACCEPTED)
        for column, value in (("ask", -1), ("ask_place", -1), ("amount", 0)):
            rows[column] = value
        for column, value in (("second", -1), ("second_place", -1), ("second_amount", 0)):
            rows[column] = value

    def more(family: Family, rows: np.ndarray) -> np.ndarray:
        if family.index % 2 or not len(rows):
            return rows[1:]
        new = rows[-1:].copy()
        new["number"] = 120
        family.go(new, np.isin(new["kind"], VISITS), CENTRE)
        return np.concatenate([rows, new])

    for decision, change in (("choose_bed", home), ("consent", stay), ("choose", more)):
        run_with(decision, change, months=6)


def test_conduct_that_cannot_be():
    for column, value, message in (
        ("upcode", 1.2, r"`decide` of tertiary_1 \(TertiaryHospital\): `upcode` is 1.2; share, 0 to 1"),
        ("stay", np.nan, "`stay` is nan"),
        ("tier", 1, "`tier` says what the place is"),
    ):
        system = model(PLACE)
        place = hospital(system)
        place.decide = lambda row=place.row, c=column, v=value: row.__setitem__(c, v)
        with pytest.raises(ModelError, match=message):
            system.run_for(2)


def test_what_is_no_agent_of_the_kind():
    for own, message in (
        ({"family": Facility}, "family=Facility: a class derived from Family"),
        ({"family": lambda system, row: system}, "family 0 or None"),
        ({"familie": Family}, "did you mean `family`"),
        ({"facility": lambda system, row: 3}, "an agent of Facility or None"),
    ):
        with pytest.raises(TypeError, match=message):
            model(PLACE, **own)


def test_a_branch_takes_the_classes_along():
    class Loyal(Family):
        def choose(self) -> np.ndarray:
            episodes = super().choose()
            self.go(episodes, episodes["option"] >= 0, CENTRE)
            return episodes

    whole = model(PLACE, family=Loyal).run()
    start = model(PLACE, family=Loyal)
    start.run_for(start.burn_in)
    branch = start.branch("baseline")
    assert isinstance(branch, HealthSystem)
    assert branch.run().digest() == whole.digest() != digest()
