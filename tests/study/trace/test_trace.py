"""What a trace tells is what the engine did: same choices, same bills, and looking on changes nothing."""

import io
from functools import cache

import numpy as np
import pytest

from simulator.choice.going import chance_at, dearness
from simulator.choice.place import made_welcome
from simulator.choice.signal import doubt, felt, normal
from simulator.core.draws import CHOICE, SIGNAL, uniforms
from simulator.core.maths import log
from simulator.core.messages import LANGUAGES, use
from simulator.engine.passes.care.choose import intend
from simulator.engine.passes.care.lanes import room
from simulator.engine.state.episodes import EPISODES, ILLNESS, REFILL
from simulator.engine.state.in_force import in_force
from simulator.model import HealthSystem
from simulator.population.families import relative_income
from simulator.report.trace.place import place_html, place_text
from simulator.report.trace.sentences import Grid, entries
from simulator.report.trace.text import story_text
from simulator.report.trace.timeline import timeline
from simulator.scenario import load
from simulator.study.trace.family import follow
from simulator.study.trace.place import facility_of, look
from simulator.study.trace.record import Episode, Story
from simulator.study.trace.watched import Watched
from tests.picks import picked
from tests.small import AMPLE, COUNTY, SCARCE, SHORT

pytestmark = pytest.mark.usefixtures("english")
MONTHS, FAMILIES = 12, 60


class Checked(Watched):
    """Looks on, and keeps what the engine had when it chose: the world's rows as they were."""

    def __init__(self, engine, world, family):
        super().__init__(engine, world, family)
        self.again: list[tuple[int, Episode, np.ndarray]] = []

    def choose(self, world):
        super().choose(world)
        for row, trail in zip(self._rows(), self.now.episodes, strict=True):
            if row.kind not in (ILLNESS, REFILL):
                continue
            fresh = EPISODES.rows(1)
            for column in ("family", "person", "number", "kind", "group", "severity", "day"):
                fresh[column] = row[column]
            intend(world.families, world.persons, in_force(world), fresh, 0, 1, room()[0])
            assert (fresh[0].option, fresh[0].ask_place, fresh[0].second_place) == (
                row.option, trail.wanted, trail.second,
            )  # fmt: skip
            u, _, u_go, _ = uniforms(world.clock[0], world.persons[row.person].id, CHOICE, row.number)
            values = np.array([option.utility for option in trail.options])
            assert picked(u, values) == trail.first
            income = relative_income(world.families, self.family, world.clock[0])
            price = trail.options[trail.first].price
            par, worried = world.behaviour[0], row.severity
            if row.kind == ILLNESS:
                usual = world.groups[row.group].severity
                z = normal(*uniforms(world.clock[0], world.persons[row.person].id, SIGNAL, row.number))
                guess = felt(row.severity, usual, z, par)
                worried = min(guess + par.worry * doubt(guess, usual, par), 1.0)
                assert trail.felt == guess
            facility = world.facilities[trail.options[trail.first].place]
            welcome = made_welcome(facility["welcome"], trail.felt, par)
            going = chance_at(worried, dearness(price, par), log(income), row.kind == REFILL, welcome, par)
            assert trail.going == going
            assert (trail.wanted == trail.options[trail.first].place) == (u_go < going)


@cache
def begun() -> HealthSystem:
    """A small county with crowded clinics and beds for everybody, at the end of its burn-in."""
    scenario = load("base", changes=[SHORT, COUNTY, *SCARCE[:4], *AMPLE[4:]], families=FAMILIES, months=MONTHS)
    model = HealthSystem(scenario)
    model.run_for(model.burn_in)
    return model


@cache
def stories() -> list[Story]:
    """A family with much to tell, in the baseline twice: all arms of one scenario pass the same way."""
    sizes = np.diff(begun().world.families["first"])
    return follow(begun(), ["baseline", "baseline"], int(np.argmax(sizes)), MONTHS)


def told_episodes() -> list[Episode]:
    return [episode for month in stories()[0].months for episode in month.episodes]


def test_what_is_told_is_what_the_engine_did():
    plain = begun().branch("baseline").run()
    paid = plain.world.families["paid_year"][:-1].copy()
    for family in range(0, FAMILIES, 20):
        model = begun().branch("baseline")
        watched = Checked(model.engine, model.world, family)
        model.engine = watched
        model.run()
        assert model.digest() == plain.digest()
        assert len(watched.months) == MONTHS
        by_year = 0
        for month in watched.months:
            by_year = 0 if month.month.endswith("-01") else by_year
            by_year += sum(bill.family for episode in month.episodes for bill in episode.bills)
            assert by_year == month.paid_year
            trust = month.trust_neighbours
            for episode in sorted(month.episodes, key=lambda each: (each.member, each.day, each.number)):
                assert episode.trust[0] == trust
                trust = episode.trust[1]
            assert trust == month.trust_after
        assert watched.months[-1].paid_year == paid[family]


def test_bills_are_paid_by_somebody_and_utilities_have_parts():
    episodes = told_episodes()
    bills = [bill for episode in episodes for bill in episode.bills]
    assert len(bills) > 10
    assert all(bill.charge == bill.family + bill.fund + sum(bill.others.values()) for bill in bills)
    options = [option for episode in episodes for option in (*episode.options, *episode.beds)]
    assert any(episode.beds for episode in episodes) or len(options) > 40
    for option in options:
        assert sum(option.terms.values()) == pytest.approx(option.utility, abs=1e-9)
    for episode in episodes:
        if episode.options:
            assert sum(option.drawn for option in episode.options) == pytest.approx(1)


def test_beds_are_told_as_they_were_chosen():
    """Of all families: who took a bed asked for one of the options told, and whose price is trail."""
    admitted = 0
    for family in range(FAMILIES):
        (story,) = follow(begun(), ["baseline"], family, 3)
        for month in story.months:
            for episode in month.episodes:
                if episode.takes_bed and episode.beds:
                    assert episode.bed_wanted in {option.place for option in episode.beds}
                    admitted += episode.admitted >= 0
    assert admitted > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_is_told_in_both_languages(language: str):
    from rich.console import Console

    use(language)
    console = Console(width=160, record=True, file=io.StringIO())
    for each in story_text(stories()):
        console.print(each)
    text, page = console.export_text(), timeline(stories())
    assert {"en": "Went; at this price", "zh": "前往就诊"}[language] in text
    assert {"en": "the same in all arms", "zh": "各方案相同"}[language] in page
    assert text.count("▸") == page.count('class="chosen"') > 5
    assert page.count("<div") == page.count("</div>")
    assert "{" not in text
    assert not any(word in page for word in ("<script", "http", "trace."))


def test_both_arms_stand_side_by_side_where_they_differ():
    same, other = stories()
    other = Story("cheap", other.family, [*other.months], other.facilities, other.tiers, other.groups, other.plans)
    other.months[0] = stories()[0].months[1]
    page = timeline([same, other])
    assert page.count('class="arms"') == 1
    assert "cheap" in page


def test_a_month_has_a_grid_for_every_choice():
    story = stories()[0]
    for month in story.months:
        grids = [part for entry in entries(story, month) for part in entry.parts if isinstance(part, Grid)]
        assert len(grids) == sum(bool(e.options) + bool(e.beds) for e in month.episodes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["centre_1", "station_1", "county_1"])
def test_a_facility_has_its_books_and_conduct(name: str, language: str):
    use(language)
    made = look(begun(), ["baseline"], facility_of(begun(), name), 2)
    plain = begun().branch("baseline")
    plain.run_for(2)
    table = plain.frames()["facilities"]
    mine = table[table["facility"] == name]
    assert made[0].use["visits"].tolist() == mine["visits"].tolist()
    assert made[0].books["margin_yuan"].tolist() == mine["margin_yuan"].tolist()
    assert made[0].conduct["manage"].tolist() == mine["manage"].tolist()
    assert list(made[0].margins.index) == list(made[0].books.index)
    assert len(list(place_text(made))) == 6
    page = place_html(made)
    assert page.count("<tr>") == 4 * (1 + 2)
    assert "trace." not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_services_say_and_see_to_is_told(language: str):
    """Advice and delivery are a part of the utility of primary care; who was seen at work did not stay home."""
    services = (
        "baseline.services.workplace_clinic={employees: 10000000, doctors: 100, salary: 200000 yuan/year}",
        "baseline.services.school_doctor={schools: 100, pupils: 5000, trained: 900, per_school: 80000 yuan/year}",
    )
    scenario = load("base", changes=[SHORT, COUNTY, *services], families=FAMILIES, months=MONTHS)
    model = HealthSystem(scenario)
    model.run_for(model.burn_in)
    told = []
    for family in range(12):
        told += follow(model, ["baseline"], family, MONTHS)
    use(language)
    episodes = [(story, month, each) for story in told for month in story.months for each in month.episodes]
    advised = [option for *_, each in episodes for option in each.options if "advice" in option.terms]
    assert advised
    assert {option.tier for option in advised} <= {0, 1}
    at_work = [each for each in episodes if each[2].seen_to]
    assert at_work
    assert all(each.wanted < 0 and each.seen < 0 for *_, each in at_work)
    story, month, _ = at_work[0]
    words = " ".join(str(part) for entry in entries(story, month) for part in entry.parts)
    assert ("职工医务室" if language == "zh" else "clinic where the patient works") in words
