"""What an arm switches on and nobody used is said, and nothing is said of what was used."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from simulator.alliance.channels import CHANNELS
from simulator.cli.compare import _show as show_compared
from simulator.cli.run import _show as show_run
from simulator.core.messages import use as speak
from simulator.count.events import EVENTS
from simulator.count.indicators.catalogue import INDICATORS
from simulator.count.indicators.online import USE as ONLINE
from simulator.declare.use import Use
from simulator.engine.passes.flows import STAGES
from simulator.fund import plan
from simulator.payment.rule import BudgetRule, SettlementRule, found
from simulator.report.page.page import write_brief, write_report
from simulator.report.unused import Unused
from simulator.scenario import load
from simulator.scenario.resolve.sense import conditions
from simulator.services.service import Found, Service
from simulator.services.services import SERVICES
from simulator.study.run import run
from tests.small import COUNTY, SHORT

SETTLEMENTS = found("simulator.payment.settlements")
CASES = Path(__file__).parents[1] / "payment" / "rules"


def declared() -> Iterator[tuple[str, Use]]:
    """Every step of use that anything declares."""
    for name, each in SERVICES.items():
        yield from ((name, use) for use in each.use)
    for name, rule in SETTLEMENTS.items():
        yield from ((name, use) for use in rule.uses())
    for name, kind in plan.found().items():
        yield from ((name, use) for use in kind.use)
    for name, each in CHANNELS.items():
        yield from ((name, use) for use in each.channel.use)
    yield "online", ONLINE


STEPS = [pytest.param(use, id=f"{name}: {use.unused.en}") for name, use in declared()]


@pytest.mark.parametrize("use", STEPS)
def test_every_step_names_what_is_there_in_both_languages(use: Use):
    assert use.unused.en[0].islower() or use.unused.en.startswith("`")
    assert not use.unused.en.endswith(".")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in use.unused.zh)
    assert set(use.events) <= set(EVENTS.names)
    assert set(use.indicators) <= set(INDICATORS)
    assert set(use.within) <= set(STAGES)
    assert use.events or use.indicators or use.postings or use.within


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_says_how_its_use_is_seen(name: str):
    """In results, or, where no result would show it, by what is known beforehand; never both."""
    service = SERVICES[name]
    assert bool(service.use) != bool(service.service.beforehand)
    idle = {condition.name for condition, _ in conditions() if condition.idle}
    assert set(service.service.beforehand) <= idle


def test_a_service_that_says_nothing_is_seen_by_its_events():
    counts = SERVICES["health_lectures"].service.events
    new = Found("new", Service(source="-", events=counts), "A walk in the park (公园散步): who goes.\n\nMore.", {})
    (use,) = new.use
    assert use.events == ("heard_lectures",)
    assert use.unused == ("a walk in the park: never used", "公园散步：从未使用")


@pytest.mark.parametrize("name", SETTLEMENTS)
def test_every_settlement_is_seen_by_postings_that_it_makes(name: str):
    """One that acts on prices or supply, or is a budget, has no use to be seen; a case moves what the others name."""
    rule = SETTLEMENTS[name]
    acts = rule.prices is not SettlementRule.prices or rule.supplies() or issubclass(rule, BudgetRule)
    assert bool(rule.uses()) != acts
    cases = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    moved = {kind for case in cases for kind in case.get("moves") or ()}
    for use in rule.uses():
        assert set(use.postings) <= moved
        assert not use.wanted or use.wanted in rule.model_fields


def test_plans_that_are_joined_and_channels_that_meet_the_sent_say_so():
    for kind in plan.found().values():
        assert bool(kind.use) == (kind.account != "fund")
    for each in CHANNELS.values():
        assert bool(each.channel.use) == (
            bool({"eases", "consents"} & set(each.does)) or each.name in ("naming", "shared_drugs")
        )


def results(**tables: list[tuple]) -> SimpleNamespace:
    """Results made by hand, of the arms `baseline` and `reform`."""
    columns = {
        "facilities": ["arm", "tier", *EVENTS.names],
        "ledger": ["arm", "kind", "fen"],
        "referrals": ["arm", "from", "to", "stage", "count"],
        "monthly": ["arm", "indicator", "value"],
    }
    made = {name: pd.DataFrame(tables.get(name, []), columns=each) for name, each in columns.items()}

    def distinct(name: str, words: list[str], filters: list[tuple[str, str, int]]) -> set[tuple[str, ...]]:
        ((column, sign, least),) = filters
        assert sign == ">"
        return {*made[name].loc[made[name][column] > least, words].itertuples(index=False, name=None)}

    return SimpleNamespace(
        arms=["baseline", "reform"],
        coded=lambda name, columns=None: made[name],
        coded_months=made["monthly"],
        distinct=distinct,
    )


def place_with(patch: str, *changes: str):
    reform = f"reforms.reform={{title: {{en: Reform, zh: 改革}}, timeline: {{2023-02: {patch}}}}}"
    return load("base", changes=(COUNTY, *changes, reform), families=60, months=12)


def said(patch: str, *changes: str, counted: dict[str, float] | None = None, **tables: list[tuple]) -> list[str]:
    """What is said of a reform with such results; ``counted`` are events at centres."""
    events = [("reform", "centre", *((counted or {}).get(name, 0.0) for name in EVENTS.names))]
    place = place_with(patch, *changes)
    arms = {"baseline": (place, "baseline"), "reform": (place, "reform")}
    return [each.text.en for each in Unused(results(facilities=events, **tables), arms).told("reform")]


FEE = (
    "{settlements: {remote: {for: all, rule: telemedicine_fee, fee: {station: 40 yuan, centre: 60 yuan}, "
    "fund_pays: 70%, reader_share: 60%}}}"
)
SCHOOL = "{services: {school_doctor: {schools: 10, pupils: 500, trained: 10, per_school: 90 yuan/year}}}"
COORDINATED = (
    "{settlements: {two_way: {for: all, rule: coordination_fee, fee: {up: 30 yuan}, sources: {insurance: 100%}"
)
GROUP = (
    "{alliances: {group: {form: county_community, lead: county_1, members: {below: county_1}, tightness: 0.5, "
    "unified: [staff, drugs]}}}"
)


@pytest.mark.usefixtures("english")
def test_the_first_step_that_nobody_took_is_said():
    assert said(FEE) == ["no doctor asked for a remote consultation"]
    assert said(FEE, counted={"consulted": 2.0}) == ["no remote consultation was answered"]
    paid = [("reform", "consultation", 4000)]
    assert said(FEE, counted={"consulted": 2.0, "read": 1.0}, ledger=paid) == []


@pytest.mark.usefixtures("english")
def test_a_service_of_its_own():
    assert said(SCHOOL) == ["no school doctor saw a child"]
    assert said(SCHOOL, counted={"pupils_ill": 0.5}) == []
    (known,) = said(SCHOOL.replace("pupils: 500", "pupils: 0"))
    assert known.startswith("school doctors, and no pupil"), "said once, by what was known beforehand"
    assert said("{services: {supervision: remove}}") == [], "what a reform takes away is not switched on"


@pytest.mark.usefixtures("english")
def test_a_bonus_that_reaches_no_doctor():
    paid = [("reform", "coordination_fee", 3000)]
    nothing = "nothing of the fee for coordination reached a doctor"
    assert said(COORDINATED + ", to_doctors: 60%}}}", ledger=paid) == [nothing]
    assert said(COORDINATED + ", to_doctors: 60%}}}", ledger=[*paid, ("reform", "coordination_pay", 9)]) == []
    assert said(COORDINATED + "}}}", ledger=paid) == [], "doctors have part of what their place earns"
    (known,) = said(COORDINATED + "}}}", "baseline.settlements.doctor_pay.pass_through=0%", ledger=paid)
    assert known.startswith("a bonus for what doctors do that reaches no doctor")


@pytest.mark.usefixtures("english")
def test_a_plan_that_nobody_joined():
    firm = (
        "{plans: {firm: {kind: commercial, premium: 600 yuan/year, loading: 35%, administration: 15%, "
        "cover: {stays: {care: inpatient, pays: 80%}}}}}"
    )
    assert said(firm) == ["nobody bought the policy"]
    assert said(firm, ledger=[("reform", "policy_premium", 9)]) == ["the policy paid no bill"]
    assert said(firm, ledger=[("reform", "policy_premium", 9), ("reform", "indemnity", 9)]) == []
    assert "nobody bought the policy" in said(firm, ledger=[("baseline", "policy_premium", 9)])


@pytest.mark.usefixtures("english")
def test_an_alliance_within_which_nobody_was_sent():
    up, down = "nobody was sent up within the alliance", "nobody was stepped down within the alliance"
    assert set(said(GROUP)) == {up, down}
    flows = [("reform", "centre_1", "county_1", "up", 3.0), ("reform", "tertiary_1", "centre_1", "down", 3.0)]
    assert said(GROUP, referrals=flows) == [down], "who is stepped down from elsewhere was not stepped down within"
    flows = [("reform", "centre_1", "county_1", "up", 3.0), ("reform", "county_1", "centre_1", "down", 1.0)]
    assert said(GROUP, referrals=flows) == []


@pytest.mark.usefixtures("english")
def test_an_internet_hospital_that_nobody_chose():
    web = "network.facilities.web={tier: online, area: county_1}"
    place = place_with(SCHOOL, web)
    arms = {"baseline": (place, "baseline"), "reform": (place, "reform")}

    def told(visits: float) -> list[str]:
        rows = [
            ("reform", tier, *(number if name == "first_contacts" else 1.0 for name in EVENTS.names))
            for tier, number in (("centre", 9.0), ("online", visits))
        ]
        return [each.text.en for each in Unused(results(facilities=rows), arms).told("reform")]

    assert told(0.0) == ["nobody chose online care"]
    assert told(1.0) == []


def test_one_sentence_in_both_languages():
    place = place_with("{services: {school_doctor: {schools: 9, pupils: 500, trained: 9, per_school: 9 yuan/year}, "
                       "health_lectures: {lectures: 9, audience: 9, per_lecture: 9 yuan}}}")  # fmt: skip
    nobody = Unused(results(facilities=[("reform", "centre", *(0.0 for _ in EVENTS.names))]),
                    {"baseline": (place, "baseline"), "reform": (place, "reform")})  # fmt: skip
    speak("zh")
    assert nobody.sentence("reform") == "已开展但无人使用：没有居民参加健康大讲堂；没有校医接诊过学生。"
    speak("en")
    sentence = "Switched on and used by nobody: nobody came to a health lecture; no school doctor saw a child."
    assert nobody.sentence("reform") == sentence
    table = nobody.table()
    assert table.loc[table["arm"] == "reform", "name"].tolist() == ["health_lectures", "school_doctor"]


USED = (
    "{services: {school_doctor: {schools: 400, pupils: 900, trained: 4000, per_school: 90 yuan/year}, "
    "health_lectures: {lectures: 4000, audience: 400, per_lecture: 90 yuan}, preventive_visits: {from_age: 20, "
    "price: 10 yuan, fee: 40 yuan}, mutual_recognition: 60%, green_channel: {for: all}, shared_records: {level: 0.8}, "
    "rapid_appointment: {passes: 80%}, drug_delivery: {lacks: 50%, fee: 1 yuan}}}"
)
IDLE = "{services: {preventive_visits: {from_age: 119, price: 10 yuan, fee: 40 yuan}}}"


@pytest.mark.usefixtures("english")
def test_a_run_says_what_nobody_used_and_no_more(tmp_path: Path, capsys: pytest.CaptureFixture):
    """Two reforms of a small county: of the one everything is used, of the other nothing."""
    reforms = [f"reforms.{name}={{title: {{en: {name}, zh: 甲}}, timeline: {{2023-02: {patch}}}}}"
               for name, patch in (("used", USED), ("idle", IDLE))]  # fmt: skip
    place = load("base", changes=(SHORT, COUNTY, *reforms), families=300, months=6)
    done = run(place, out=tmp_path / "run", workers=1, threads=1)
    nobody = Unused(done, {name: (place, name) for name in done.arms})
    assert {name: [each.text.en for each in nobody.told(name)] for name in done.arms} == {
        "baseline": [], "used": [], "idle": ["nobody came to a check-up"],
    }  # fmt: skip
    (line,) = nobody.lines()
    assert line == "idle: Switched on and used by nobody: nobody came to a check-up."
    for lang, sentence in (
        ("en", "Switched on and used by nobody: nobody came to a check-up."),
        ("zh", "已开展但无人使用：没有居民参加体检与接种。"),
    ):
        speak(lang)
        for page in (write_report(done, place), write_brief(done, place)):
            text = page.read_text(encoding="utf-8")
            first = text[text.index('id="answer"') :]
            assert sentence in first[: first.index("</section>")]
            assert first.count(sentence) == (1 if page.name == "brief.html" else 2)
        for show in (lambda: show_run(done, place), lambda: show_compared(done, place, done.folder)):
            show()
            assert sentence in capsys.readouterr().out
    kept = pd.read_csv(done.folder / "report" / "unused.csv")
    assert kept[["arm", "what", "name"]].to_numpy().tolist() == [["idle", "service", "preventive_visits"]]
