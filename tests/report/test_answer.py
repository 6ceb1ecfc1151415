"""The answer: columns of money add up to nothing, no arm is left out, nothing uncertain is said to be certain."""

import math
import re
from types import SimpleNamespace

import pytest

from simulator.core.messages import LANGUAGES, Text, use
from simulator.core.money import FEN
from simulator.report.claims import Found, ReportedClaim
from simulator.report.display import titles
from simulator.report.keepers import keepers
from simulator.report.page.answer.cards import Cards
from simulator.report.page.answer.charts.marks import SHAPES, glyph
from simulator.report.page.answer.contents import Answer
from simulator.report.page.answer.meant import Meant
from simulator.report.page.answer.money import Money
from simulator.report.page.answer.outcomes import NONE, Names, declared, outcome, series_of
from simulator.report.page.answer.places import MOVES, map_of, moves
from simulator.report.page.answer.values import Reading, Values
from simulator.report.page.answer.verdict import Verdict, claims_met, weight
from simulator.report.page.page import arm_words, scenarios_of, write_brief
from simulator.report.programme import programme_rows
from simulator.report.results_table import Row
from simulator.scenario import load
from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.schema.answer import MOST, OF_MONEY
from simulator.study.results import Results

pytestmark = pytest.mark.usefixtures("english")
VISITS = ("primary_share_of_visits", *NONE)


@pytest.fixture(scope="module")
def answer(comparison: Results, designs) -> Answer:
    use("en")
    arms = arm_words(comparison.manifest, comparison.arms)
    return Answer(comparison, scenarios_of(comparison, designs, list(arms)), arms, [], "2024-01")


class Given:
    """Values by hand: arm -> series -> figures by replication."""

    def __init__(self, found: dict, money: object = None):
        self.found, self.money = found, money
        self.arms, self.compared = list(found), [arm for arm in found if arm != "baseline"]
        self.known = list(dict.fromkeys(series for each in found.values() for series in each))
        self.results = type("R", (), {"ends": staticmethod(Results.ends.fget(_NoSets())), "replications": 3})()

    by_replication = Values.by_replication
    level, change, moves = Values.level, Values.change, Values.moves
    _with_counts = Values._with_counts
    _counted: dict = {}

    @property
    def _found(self) -> dict:
        return {s: {a: dict(enumerate(v[s])) for a, v in self.found.items() if s in v} for s in self.known}


class _NoSets:
    manifest: dict = {}


def judged(found: dict, claims: list[ReportedClaim] | None = None) -> tuple[Verdict, Meant]:
    """The verdict on values by hand."""

    class Plain(Meant):
        def scored(self, arm):
            return []

    meant = Plain({}, Given(found), Names({}), claims or [])
    shown = [outcome(series, meant.names) for series in meant.values.known]
    return Verdict(meant, shown, {arm: arm for arm in found}), meant


def test_money_columns_add_up_to_zero(comparison: Results) -> None:
    money = Money(comparison)
    assert (money.fen.sum(axis=1) == 0).all()
    assert money.fen.dtypes.astype(str).unique().tolist() == ["int64"]
    table = money.table()
    for arm in comparison.arms[1:]:
        assert abs(table.loc[table["arm"] == arm, "difference"].sum()) < 1e-6


def test_what_people_pay_is_what_the_ledger_says(comparison: Results) -> None:
    money = Money(comparison)
    ledger = comparison.ledger
    paid = ledger[(ledger["arm"] == "by_day") & (ledger["replication"] == 1) & (ledger["kind"] == "patient")]
    people = comparison.manifest["scenario"]["resolved"]["population"]["people"]
    found = money.outcomes["own_payments"]["by_day"][1]
    assert found == pytest.approx(paid["fen"].sum() / FEN / (float(people) / 2), rel=1e-6)  # half a year was reported


def test_no_arm_is_left_out(answer: Answer) -> None:
    assert [card.arm.name for card in answer.cards] == ["by_service", "by_points", "by_day", "by_head"]
    assert all(str(card.bold) and card.sentences for card in answer.cards)
    assert 6 <= len(answer.shown) <= MOST
    assert {each.series for each in answer.shown} <= {each.series for each in answer.every}


def test_what_no_arm_changes_is_left_out(answer: Answer) -> None:
    for each in answer.every:
        found = [answer.values.by_replication(arm, each) for arm in answer.values.arms]
        assert len({tuple(sorted(values.items())) for values in found if values}) > 1, each.series


def test_hardly_anything_moved_is_a_result() -> None:
    verdict, _ = judged({"baseline": {VISITS: [0.5, 0.51, 0.52]}, "small": {VISITS: [0.505, 0.515, 0.526]}})
    assert verdict.bold("small") == "Hardly anything moved."


def test_small_changes_beside_one_that_may_be_large_are_not_hardly_anything() -> None:
    bill = ("charge_per_admission", *NONE)
    base = {VISITS: [0.5, 0.51, 0.52], bill: [9000.0, 9000.0, 9000.0]}
    verdict, _ = judged({"baseline": base, "wide": {VISITS: [0.505, 0.515, 0.526], bill: [8000.0, 9900.0, 9000.0]}})
    assert verdict.bold("wide") == "Only small changes are certain; the rest is not clear."
    verdict, _ = judged({"baseline": base, "narrow": {VISITS: [0.505, 0.515, 0.526], bill: [8990.0, 9010.0, 9001.0]}})
    assert verdict.bold("narrow") == "Hardly anything moved."


def test_an_uncertain_change_is_not_called_one() -> None:
    verdict, _ = judged({"baseline": {VISITS: [0.5, 0.5, 0.5]}, "wide": {VISITS: [0.3, 0.8, 0.7]}})
    assert verdict.bold("wide") == "No outcome moved clearly."
    (said,) = verdict.sentences("wide")
    assert said.striptags().startswith("Not clear: visits at primary care (")


def test_one_run_has_no_certainty(answer: Answer) -> None:
    found = {"baseline": {VISITS: [0.5]}, "alone": {VISITS: [0.9]}}
    verdict, meant = judged(found)
    meant.values.results.replications = 1
    assert "cannot be told" in verdict.bold("alone")


def test_the_same_as_another_arm_is_said_so() -> None:
    found = {
        "baseline": {VISITS: [0.5, 0.51, 0.52]},
        "first": {VISITS: [0.6, 0.61, 0.621]},
        "second": {VISITS: [0.601, 0.611, 0.622]},
    }
    verdict, _ = judged(found)
    assert verdict.bold("first").striptags() == "Clearly better in 1, clearly worse in 0 of 1 outcomes."
    assert verdict.bold("second") == "Almost the same as “first”."


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (0.25, "Visits at primary care rose 40% as far as claimed."),
        (0.10, "Visits at primary care rose as far as claimed."),
        (-0.10, "Visits at primary care rose, the opposite of what was claimed."),
    ],
)
def test_a_claim_is_set_against_what_was_found(claim: float, says: str) -> None:
    found = {"baseline": {VISITS: [0.5, 0.51, 0.52]}, "arm": {VISITS: [0.6, 0.61, 0.621]}}
    effect = Found(0.1003, 0.0989, 0.1017, "share", True, " pp")
    said = (Found(claim, unit="share", signed=True, mark=" pp"),)
    claims = [ReportedClaim(VISITS[0], "", "arm", "2023", said, Found(math.nan), effect, Row(VISITS[0]))]
    verdict, meant = judged(found, claims)
    assert verdict.bold("arm").striptags() == says
    assert [each.said for each in claims_met(meant, "arm")] == [claim]


def test_less_of_what_is_bad_weighs_for_the_better() -> None:
    wait = ("wait_outpatient", *NONE)
    _, meant = judged({"baseline": {wait: [2.0, 2.0, 2.0]}, "arm": {wait: [1.0, 1.1, 1.2]}})
    assert weight(meant.values, "arm", outcome(wait, meant.names)) > 1


def test_any_two_reforms_can_be_compared(answer: Answer) -> None:
    table = answer.values.between(answer.shown)
    assert set(zip(table["arm"], table["against"], strict=True)) == {
        (a.name, b.name) for a in answer.reforms for b in answer.reforms if a != b
    }
    there, back = (
        table[(table["arm"] == a) & (table["against"] == b)].set_index("outcome")["difference"]
        for a, b in (("by_day", "by_head"), ("by_head", "by_day"))
    )
    assert (there + back).abs().max() < 1e-9


def test_the_old_mix_is_that_of_the_baseline(answer: Answer) -> None:
    same, usual = ((name, *NONE) for name in ("charge_at_old_mix", "charge_per_admission"))
    base = answer.values.by_replication("baseline", same)
    assert base == pytest.approx(answer.values.by_replication("baseline", usual), rel=1e-6)


def test_every_declared_outcome_is_one() -> None:
    from simulator.count.indicators.catalogue import INDICATORS

    assert all(entry["indicator"] in (*INDICATORS, *OF_MONEY) for entry in declared())
    assert len({(*series_of(entry), entry.get("each")) for entry in declared()}) == len(declared())
    assert sorted(entry["first"] for entry in declared() if "first" in entry) == list(range(1, MOST + 1))


def test_titles_stand_in_place_of_names() -> None:
    resolved = {"baseline": {"plans": {"county": {"title": {"en": "County plan", "zh": "县域医保"}}}}}
    names = Names(resolved)
    found = outcome(("fund_surplus_rate", "", "county", "", ""), names)
    assert found.name == "Surplus of the fund, County plan"
    assert names.text("alliance", "my_group") == Text("my group", "my group")


def test_arms_have_marks_of_their_own() -> None:
    marks = {re.sub(r'class="[^"]*" ', "", glyph(number, 0, 0)) for number in range(SHAPES + 1)}
    assert len(marks) == SHAPES + 1


def test_a_reading_is_clear_when_its_interval_leaves_out_zero() -> None:
    assert Reading(1, 0.5, 1.5).clear
    assert not Reading(1, -0.5, 1.5).clear
    assert not Reading(1).clear


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_is_the_answer_alone(comparison: Results, designs, language: str) -> None:
    use(language)
    text = write_brief(comparison, designs).read_text(encoding="utf-8")
    assert '<section class="first" id="answer"' in text
    assert text.count("<article") == 4
    assert text.count("<section") == 1
    assert "<script" not in text


def test_cards_of_levels_where_nothing_is_compared(answer: Answer) -> None:
    values = Given({"baseline": {VISITS: [0.5, 0.6, 0.7]}})
    values.compared = []
    _, meant = judged({"baseline": {VISITS: [0.5, 0.6, 0.7]}})
    meant.values.compared = []
    meant.scenarios = {"baseline": (type("S", (), {"reforms": {}})(), "baseline")}
    meant.nobody = SimpleNamespace(sentence=lambda arm: "")
    (card,) = Cards(meant, [outcome(VISITS, meant.names)], answer.arms[:1]).made()
    assert "50.0%" not in str(card.sentences[0])
    assert "60.0%" in str(card.sentences[0])


def test_the_map_has_every_move_and_its_boxes_stand_still(answer: Answer, comparison: Results, designs) -> None:
    known = map_of(designs, answer.names)
    assert known is not None
    assert [unit.level for unit in known.units] == sorted((unit.level for unit in known.units), reverse=True)
    assert {unit.title for unit in known.units if unit.level == 2} == {"centre 1", "centre 2"}
    table = moves(comparison, known, answer.money.first)
    referrals = comparison.referrals
    wanted = referrals[referrals["stage"].isin(MOVES) & (referrals["month"] >= answer.money.first)]
    level = {unit.key: unit.level for unit in known.units}
    between = wanted["from"].map(known.unit_of).map(level) != wanted["to"].map(known.unit_of).map(level)
    assert table["patients"].sum() * comparison.replications == pytest.approx(wanted["count"][between].sum())
    drawn = answer.maps(designs)
    boxes = [re.findall(r'<rect class="node" x="([^"]+)" y="([^"]+)"', str(each.picture)) for each in drawn]
    assert len(drawn) == min(len(answer.reforms), 4)
    assert all(each == boxes[0] for each in boxes)


def test_who_keeps_a_surplus_is_said() -> None:
    rules = {"settlements": {
        "a": {"for": {"alliances": "net"}, "rule": "prepaid_network"},
        "b": {"for": {"alliances": ["one", "two"]}, "rule": "global_budget"},
        "c": {"for": {"tiers": "primary"}, "rule": "salary"},
    }}  # fmt: skip
    assert keepers([rules]) == {"net": "owners", "one": "members", "two": "members"}
    names = Names({"baseline": rules | {"alliances": {"net": {}, "one": {}}}})
    budget = outcome(("budget_surplus_rate", "", "", "", "net"), names)
    assert "owners" in budget.name
    with titles({"baseline": rules}):
        assert Row("budget_surplus_rate", alliance="net").where == "net (owners)"
        assert Row("fund_surplus_rate", plan="resident").where == "residents"


def test_an_arm_that_has_online_care_paid_means_to_move_it() -> None:
    scenario = load(scenarios_folder() / "programmes" / "internet_hospitals.yaml")
    online = {("visit_share", "online"), ("delivered_share", "")}
    assert online <= {(row.indicator, row.tier) for row in programme_rows(scenario)}
    found = {series: [0.1, 0.1, 0.1] for series in (("visit_share", "online", "", "", ""), ("delivered_share", *NONE))}
    meant = Meant({arm: (scenario, arm) for arm in scenario.arms}, Given({"return_visits": found}), Names({}), [])
    assert [aim.series[0] for aim in meant.aims("return_visits")][:2] == ["visit_share", "delivered_share"]
    assert meant.pays_online("return_visits")
    assert not meant.pays_online("baseline")
    prefecture = load("payment_designs")
    assert not online & {(row.indicator, row.tier) for row in programme_rows(prefecture)}
