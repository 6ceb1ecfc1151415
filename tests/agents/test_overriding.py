"""A method that is overridden decides for its own agent, in every engine, and changes others only through what all
share: queues, books, neighbours' trust."""

import mesa
import numpy as np
import pytest

from simulator.agents.family import Family
from simulator.agents.insurers import Fund
from simulator.agents.places import (
    CommunityCentre,
    CountyHospital,
    FamilyDoctor,
    Station,
    TertiaryHospital,
)
from simulator.core.errors import ModelError
from simulator.core.names import TERTIARY
from simulator.engine.month import run_month
from simulator.engine.state.episodes import VISITS
from simulator.model import HealthSystem
from simulator.payment.books import CASES
from tests.small import AMPLE, COUNTY, SHORT, Spec, model, scenario

ONE = 13
"""The family that is overridden: six members, and the first month is a bad one."""
PLACE = Spec((SHORT, COUNTY, *AMPLE), families=40, months=4, seed=3)


class Homebody(Family):
    """Never seeks care."""

    def choose(self) -> np.ndarray:
        episodes = super().choose()
        self.stay_home(episodes)
        return episodes


class Ambitious(Family):
    """Goes to the tertiary hospital with everything."""

    def choose(self) -> np.ndarray:
        episodes = super().choose()
        self.go(episodes, np.isin(episodes["kind"], VISITS), TERTIARY)
        return episodes


def only(kind: type[Family], number: int = ONE):
    """One family of this kind among usual ones."""
    return lambda model, row: kind(model, row) if row == number else None


def episodes_of(system: HealthSystem, number: int) -> np.ndarray:
    """Last month's episodes of a family."""
    rows = np.concatenate([block.rows[: block.end] for block in system.engine.blocks])
    return rows[rows["family"] == number]


def others(system: HealthSystem, number: int = ONE) -> tuple[bytes, bytes]:
    """State of all other families and their members."""
    world = system.world
    keep = np.arange(len(world.families) - 1) != number
    persons = world.persons["family"] != number
    return world.families[:-1][keep].tobytes(), world.persons[persons].tobytes()


def own(system: HealthSystem, number: int = ONE) -> np.ndarray:
    return system.world.persons[system.world.persons["family"] == number]


def after(months: int, kind: type[Family]) -> list[HealthSystem]:
    """The plain model and the one with an overridden family, after some months."""
    pair = [model(PLACE), model(PLACE, family=only(kind))]
    for system in pair:
        system.run_for(months)
    return pair


def test_a_family_that_stays_home_is_never_seen():
    plain, changed = after(PLACE.months, Homebody)
    assert own(plain)["visited"].sum() + plain.world.families["paid_year"][ONE] > 0
    assert changed.world.families["paid_year"][ONE] == 0
    assert own(changed)["outpatient_year"].sum() == 0
    assert (changed.world.families["habit"][ONE] == model(PLACE).world.families["habit"][ONE]).all()


def test_a_family_that_goes_far_is_seen_there():
    plain = model(PLACE)
    changed = model(PLACE, family=only(Ambitious))
    seen = []
    for _ in range(4):
        plain.step()
        changed.step()
        seen += episodes_of(changed, ONE)["seen"].tolist()
    assert seen
    assert {changed.world.facilities["tier"][place] for place in seen if place >= 0} == {TERTIARY}
    assert changed.world.families["habit"][ONE][TERTIARY] > plain.world.families["habit"][ONE][TERTIARY]


@pytest.mark.parametrize("kind", [Homebody, Ambitious])
def test_others_do_not_notice_in_the_same_month(kind: type[Family]):
    """With a slot and a bed for everybody, no byte of any other family or person differs."""
    plain, changed = after(1, kind)
    assert others(plain) == others(changed)
    assert plain.digest() != changed.digest()


def test_others_notice_through_what_all_share_and_nothing_else():
    """Hold the facilities, their books and memories to those of the plain run and stop gossip: however long, no other
    family notices. Let them go: some do."""
    held, free = [], []
    for shared, found in ((True, held), (False, free)):
        plain, changed = model(PLACE), model(PLACE, family=only(Ambitious))
        for system in (plain, changed):
            if shared:
                system.world.behaviour["neighbours"] = 0.0
        for _ in range(5):
            plain.step()
            changed.step()
            if shared:
                changed.world.facilities[:] = plain.world.facilities
                changed.world.books = plain.world.books.copy()
                for fact in ("bill", "weight", "days"):
                    getattr(changed.world.facts, fact)[:] = getattr(plain.world.facts, fact)
                changed.world.margins = [*plain.world.margins]
            found.append(others(plain) == others(changed))
    assert all(held)
    assert not all(free)


def test_every_kind_of_intent_reaches_the_family():
    """All four methods are asked of the family with episodes; receive gets what contention left."""
    calls: list[str] = []

    class Diary(Family):
        def live(self):
            calls.append("live")
            super().live()

        def choose(self):
            calls.append("choose")
            return super().choose()

        def choose_bed(self, episodes):
            calls.append("choose_bed")
            super().choose_bed(episodes)

        def consent(self, episodes):
            calls.append("consent")
            super().consent(episodes)

        def receive(self, outcomes):
            calls.append("receive")
            assert (outcomes["family"] == self.index).all()
            super().receive(outcomes)

    diary = model(PLACE, family=only(Diary))
    plain = model(PLACE)
    while not len(episodes_of(diary, ONE)):
        calls.clear()
        diary.step()
        plain.step()
    assert calls == ["live", "choose", "choose_bed", "consent", "receive"]
    assert diary.digest() == plain.digest()


def test_an_intent_that_cannot_be_is_refused():
    class Lost(Family):
        def choose(self):
            episodes = super().choose()
            episodes["ask_place"] = episodes["ask"] = 10_000
            return episodes

    with pytest.raises(ModelError, match="does not exist"):
        model(PLACE, family=Lost).run()


def test_a_facility_that_decides_for_itself():
    """One hospital keeps its conduct, the other facilities go on deciding."""
    plain, changed = model(PLACE), model(PLACE)
    stubborn = next(f for f in changed.facilities if isinstance(f, CountyHospital))
    start = stubborn.row.copy()

    def dear() -> None:
        stubborn.row["intensity_in"][:] = 2.0

    stubborn.decide = dear
    for system in (plain, changed):
        system.run_for(3)
    row = changed.world.facilities[stubborn.index]
    assert (row["intensity_in"] == 2.0).all()
    assert row["stay"] == start["stay"]
    assert row["upcode"] == start["upcode"]
    assert plain.world.facilities["stay"][stubborn.index] != start["stay"]
    assert changed.world.facilities["inpatient_level"][stubborn.index] > start["inpatient_level"]
    rest = np.arange(len(plain.world.facilities)) != stubborn.index
    moved = changed.world.facilities["intensity_out"][rest] != model(PLACE).world.facilities["intensity_out"][rest]
    assert moved.any(axis=1).all()


def test_doctors_who_decide_for_themselves():
    """Doctors who send everybody up fill the hospital; their facility still decides what is its own."""
    plain, changed = model(PLACE), model(PLACE)
    for doctor in changed.doctors:
        if doctor.facility.tier in ("station", "centre"):
            doctor.decide = lambda row=doctor.facility.row: row.__setitem__("refer", 1e4)
    for system in (plain, changed):
        system.run_for(2)
    sent = [system.world.tally.flows[system.world.tally.flows[:, 2] == 0, 3].sum() for system in (plain, changed)]
    assert sent[1] > 3 * sent[0]
    assert (changed.world.facilities["intensity_out"] == plain.world.facilities["intensity_out"]).all()


def test_a_class_of_doctors_can_be_replaced(monkeypatch: pytest.MonkeyPatch):
    """A subclass works as well as a method of one agent: agents are asked by kind, subclasses included."""
    asked = []
    monkeypatch.setattr(FamilyDoctor, "decide", lambda self: asked.append(self.facility.index))
    system = model(PLACE)
    system.run_for(2)
    assert sorted(asked) == list(range(len(system.world.facilities)))
    assert (system.world.facilities["follow"] == 1.0).all()


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_agents_by_type(engine: str):
    system = model(PLACE, engine=engine)
    counted = {kind: len(agents) for kind, agents in system.agents_by_type.items()}
    expected = {Station: 4, CommunityCentre: 2, CountyHospital: 1, TertiaryHospital: 1, FamilyDoctor: 8, Fund: 2}
    assert counted == expected | {Family: 40}
    assert len(system.agents) == sum(counted.values())
    assert set(system.agent_types) == set(counted)
    hospital = system.agents_by_type[TertiaryHospital][0]
    assert hospital.name == "tertiary_1"
    assert hospital.tier == "tertiary"
    assert hospital.kind == "general"
    assert hospital.capability == 0.95
    with pytest.raises(AttributeError, match="no column"):
        _ = hospital.colour
    system.run()
    assert sum(fund.balance for fund in system.funds) == system.world.ledger.balance[system.world.accounts.fund].sum()


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_data_collector(engine: str):
    """Headline indicators of the reported months, equal to those of the results."""
    system = model(PLACE, engine=engine).run()
    collected = system.datacollector.get_model_vars_dataframe()
    monthly = system.frames()["monthly"]
    assert len(collected) == PLACE.months
    wanted = monthly[(monthly.indicator == "visits_per_person") & (monthly.tier == "") & (monthly.plan == "")]
    assert collected["visits_per_person"].tolist() == wanted["value"].tolist()
    assert (collected["primary_share_of_visits"].between(0, 1)).all()


def test_running_ends_with_the_last_reported_month():
    system = model(PLACE)
    steps = 0
    while system.running:
        system.step()
        steps += 1
    assert steps == system.burn_in + system.horizon == 2 + PLACE.months


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_a_view_of_a_family_reads_and_writes(engine: str):
    system = model(PLACE, engine=engine)
    family = system.family(ONE)
    row = system.world.families[ONE]
    assert family.income == row["income"]
    assert len(family.members) == system.world.families["first"][ONE + 1] - row["first"]
    assert family.places == [system.world.words.facilities[p] for p in row["place"] if p >= 0]
    family.trust = 0.9
    family.members["age"] = 50
    assert system.world.families["trust"][ONE] == 0.9
    assert (own(system)["age"] == 50).all()
    assert str(len(family.members)) in repr(family)
    with pytest.raises(AttributeError, match="no column"):
        _ = family.colour
    with pytest.raises(AttributeError, match="no column"):
        family.colour = 1
    for number in (-1, 40):
        with pytest.raises(IndexError):
            system.family(number)


def test_batch_run():
    """Mesa's own runner of experiments: seeds, parameters and collected data arrive."""
    place = Spec((SHORT, COUNTY), families=10, months=2)
    rows = mesa.batch_run(
        HealthSystem,
        {"scenario": scenario(place), "engine": ["fast", "agents"]},
        rng=[4, 5],
        data_collection_period=1,
        display_progress=False,
    )
    assert len(rows) == 2 * 2 * place.months
    visits = {(row["engine"], row["seed"], row["Step"]): row["visits_per_person"] for row in rows}
    for seed in (4, 5):
        for step in (3, 4):
            assert visits["fast", seed, step] == visits["agents", seed, step]
    assert visits["fast", 4, 3] != visits["fast", 5, 3]


def test_models_without_a_seed_differ():
    """Mesa's runner passes None where no seeds are asked for: each iteration is then a draw of its own."""
    place = scenario(Spec((SHORT, COUNTY), families=10, months=1))
    first, second = (HealthSystem(place, seed=None) for _ in range(2))
    assert not np.array_equal(first.world.clock["key0"], second.world.clock["key0"])
    by_rng, by_seed = HealthSystem(place, rng=np.int64(5)), HealthSystem(place, seed=5)
    assert by_rng.run().digest() == by_seed.run().digest()


def test_unknown_engine():
    with pytest.raises(ValueError, match="slow"):
        model(PLACE, engine="slow")


@pytest.mark.parametrize("engine", ["fast", "agents"])
def test_a_copied_world_goes_on_as_if_nothing_had_happened(engine: str):
    """Arms can share a burn-in: the copy continues to the same digest, and what happens to it does not touch the
    original."""
    whole = model(PLACE, engine=engine).run()
    original = model(PLACE, engine=engine)
    original.run_for(original.burn_in)
    copied = model(PLACE, original.world.copy(), engine=engine).run()
    assert copied.steps_done == whole.steps_done
    assert copied.digest() == whole.digest()
    assert original.steps_done == original.burn_in
    assert original.run().digest() == whole.digest()


def test_a_copy_shares_nothing_that_changes():
    """Every array of a copied world is its own, but for the network and names."""
    start = model(PLACE)
    start.run_for(3)
    before = start.digest()
    copied = model(PLACE, start.world.copy())
    for _ in range(2):
        run_month(copied.world, copied.engine)
    copied.world.groups["weight"] *= 2
    copied.world.cover.rows["ceiling"] = 0
    assert start.digest() == before
    assert start.world.groups["weight"].sum() * 2 == copied.world.groups["weight"].sum()
    assert start.world.cover.rows["ceiling"].max() > 0
    assert copied.world.network is start.world.network
    assert start.world.books.counts[-1][:, CASES].sum() > 0
