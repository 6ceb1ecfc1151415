"""Everything that the answer shows of one run, and the tables behind it."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from simulator.core.messages import language, say
from simulator.report.claims import ReportedClaim
from simulator.report.page import figures
from simulator.report.page.answer import places as network_map
from simulator.report.page.answer import table as tables
from simulator.report.page.answer.cards import Card, Cards
from simulator.report.page.answer.charts import differences, fifths, network, payers, places, times
from simulator.report.page.answer.charts.marks import Arm, mark
from simulator.report.page.answer.meant import Meant
from simulator.report.page.answer.money import Money
from simulator.report.page.answer.outcomes import Names, Outcome
from simulator.report.page.answer.values import Reading, Values
from simulator.report.page.answer.verdict import Verdict
from simulator.report.page.answer.why import MOST, Step, Why
from simulator.report.page.answer.words import Tied, lowered
from simulator.report.page.numbers import write
from simulator.report.page.plots import shortened
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

OVER_TIME = 6
"""So many outcomes are drawn over time."""
MAPS = 5
"""So many arms have a map of the network, the baseline among them."""
SHORT = 118.0
"""Width of a short title, in pixels of a figure."""


class Drawn(NamedTuple):
    """A picture with its heading and the line below it; ``number`` is the arm's where it is of one."""

    title: str
    note: str
    picture: Markup
    number: int | None = None


class Answer:
    """The answer of one run.

    Args:
        results: of the run.
        scenarios: by arm, its scenario and its name there.
        titles: of arms, in the order in which they are shown.
        claims: as reported.
        since: the first month from which an arm's rules differ.
    """

    def __init__(
        self,
        results: "Results",
        scenarios: Mapping[str, tuple[Any, str]],
        titles: dict[str, str],
        claims: Sequence[ReportedClaim],
        since: str | None,
    ):
        self.results, self.titles, self.since = results, titles, since
        self.names = Names(results.manifest["scenario"]["resolved"])
        self.money = Money(results)
        self.values = Values(results, self.money)
        self.meant = Meant(scenarios, self.values, self.names, claims)
        self.shown, self.every = self.meant.first(), self.meant.every()
        self.arms = _arms(titles, self.meant.answer.short)
        self.why = Why(results, self.names)

    @property
    def reforms(self) -> list[Arm]:
        """The arms that are set against the baseline."""
        return [arm for arm in self.arms if arm.name in self.values.compared]

    @property
    def check(self) -> Arm | None:
        """The arm that checks the mechanism."""
        return next((arm for arm in self.reforms if arm.name == self.meant.answer.check), None)

    def derived(self) -> dict[str, "pd.DataFrame"]:
        """Tables behind the answer, by name."""
        both = list({each.series: each for each in [*self.every, *self.shown]}.values())
        made = {"outcomes": self.values.table(both), "payers": self.money.table(), "mechanism": self.why.table()}
        made["unused"] = self.meant.nobody.table()
        if self.reforms:
            titles = {arm.name: arm.called for arm in self.arms}
            made["verdicts"] = Verdict(self.meant, self.shown, titles).table()
        if len(self.reforms) > 1:
            made["between"] = self.values.between(self.shown)
        return made

    def write(self) -> list[str]:
        """Keep them below the run folder; their names."""
        made = self.derived()
        for name, each in made.items():
            write(self.results.folder, name, each)
        return list(made)

    @cached_property
    def cards(self) -> list[Card]:
        """An arm a card, none left out."""
        return Cards(self.meant, self.shown, self.arms).made()

    @property
    def differences(self) -> Markup:
        """The first picture."""
        return Markup(str(differences.Picture(self.values, self.shown, self.reforms)))

    @cached_property
    def payers(self) -> Markup:
        """Money between payers, facilities, doctors and others."""
        moved = {(a.name, arm.name): self._money(a.name, arm.name) for a in self.money.shown for arm in self.reforms}
        still = {
            a.name
            for a in self.money.shown
            if not any(abs(moved[a.name, arm.name].mean) >= 0.5 for arm in self.reforms)
        }
        rows = [a for a in self.money.shown if a.name not in still or a.group == "payers"]
        return Markup(str(payers.Picture(rows, self.actor_names, moved, self.reforms)))

    @cached_property
    def actor_names(self) -> dict[str, str]:
        """Actors in words."""
        made = {}
        for each in self.money.shown:
            if each.kind in ("facility", "doctors"):
                made[each.name] = self.names.text("tier", each.which).localized
            elif each.kind == "fund":
                made[each.name] = say("answer.actor_fund", plan=self.names.text("plan", each.which).localized)
            else:
                made[each.name] = say(f"answer.actor_{each.kind}")
        return made

    def _money(self, actor: str, arm: str) -> Reading:
        mine, base = self.money.by_replication(arm, actor), self.money.by_replication(BASELINE, actor)
        paired = [value - base[n] for n, value in mine.items() if n in base]
        return Reading(*self.results.ends(paired)) if paired else Reading()

    @property
    def money_heading(self) -> str:
        """Who gains and who loses most under the first reform, where that is certain."""
        arm = self.reforms[0]
        found = {a: self._money(a.name, arm.name) for a in self.money.shown}
        clear = [a for a, reading in found.items() if reading.clear and abs(reading.mean) >= 1]
        up = [a for a in clear if found[a].mean > 0]
        down = [a for a in clear if found[a].mean < 0]
        if not up or not down:
            return say("answer.money_heading")
        gains, loses = max(up, key=lambda a: found[a].mean), min(down, key=lambda a: found[a].mean)
        words = {"gains": self._doctors(gains), "loses": self._doctors(loses)}
        return say("answer.money_finding", arm=arm.called, **words)

    def _doctors(self, actor: Any) -> str:
        name = lowered(self.actor_names[actor.name]) if language() == "en" else self.actor_names[actor.name]
        return say("answer.doctors_of", name=name) if actor.kind == "doctors" else name

    @cached_property
    def fifths(self) -> list[Drawn]:
        """What people pay and how often they go, by fifths of income."""
        made = []
        for indicator, unit, better in (("paid_by_income", "person_year", -1), ("visits_by_income", "rate", 1)):
            scale = 0.01 if unit == "person_year" else 1.0
            if found := self._by_income(indicator, scale):
                levels = {fifth: self._ends(found[BASELINE, fifth]) for fifth in fifths.FIFTHS}
                changes = {
                    (fifth, arm.name): self._paired(found[arm.name, fifth], found[BASELINE, fifth])
                    for fifth in fifths.FIFTHS
                    for arm in self.reforms
                }
                picture = Markup(str(fifths.Picture(levels, changes, unit, better, self.reforms)))
                made.append(Drawn(say(f"answer.{indicator}"), say(f"answer.{indicator}_note"), picture))
        return made

    def _by_income(self, indicator: str, scale: float) -> dict[tuple[str, str], dict[int, float]]:
        rows = self.values.year
        rows = rows[rows["indicator"] == indicator]
        sums = rows.groupby(["arm", "replication", "part"])["numerator"].sum()
        found: dict[tuple[str, str], dict[int, float]] = {}
        for (arm, number, part), value in sums.items():
            heads = self.money.persons[arm, number] / len(fifths.FIFTHS)
            found.setdefault((arm, part), {})[number] = value * scale / heads
        return found

    def _ends(self, values: dict[int, float]) -> Reading:
        return Reading(*self.results.ends(list(values.values())))

    def _paired(self, mine: dict[int, float], base: dict[int, float]) -> Reading:
        return Reading(*self.results.ends([value - base[n] for n, value in mine.items() if n in base]))

    @property
    def timed(self) -> list[Outcome]:
        """Outcomes that are drawn over time: the first ones that the run has by month."""
        known = set(
            self.results.summary[["indicator", "tier", "plan", "part", "alliance"]].itertuples(index=False, name=None)
        )
        there = [each for each in self.shown if each.series in known]
        ranked = {
            series: n for n, series in enumerate(e.series for arm in self.values.arms for e in self.meant.aims(arm))
        }
        return sorted(sorted(there, key=lambda e: ranked.get(e.series, math.inf))[:OVER_TIME], key=there.index)

    def over_time(self, series: "pd.DataFrame") -> list[Drawn]:
        """Outcomes over time, from the table of ``figures.over_time``."""
        made = []
        for each in self.timed:
            note = say("answer.unit_axis", unit=say(f"answer.axis_{each.unit}"))
            if picture := self._timed(series, each.series, each.unit, each.name, "mean"):
                made.append(Drawn(each.name, note, picture))
        return made

    def reserves(self, series: "pd.DataFrame", ruin: "pd.DataFrame") -> list[Drawn]:
        """Reserves of every fund, all arms in one picture, and where one runs dry how often."""
        made = []
        plans = dict.fromkeys(series.loc[series["indicator"] == figures.RESERVE, "plan"])
        for plan in plans:
            title = say("answer.reserve_of", plan=self.names.text("plan", plan).localized)
            dry = ruin[(ruin["plan"] == plan) & (ruin["probability"] > 0)]
            runs = [
                f"{self._short(arm)} {100 * share:.0f}%" for arm, _, share in dry.itertuples(index=False, name=None)
            ]
            note = say("answer.runs_dry", arms=say("answer.and").join(runs)) if runs else say("answer.never_dry")
            if picture := self._timed(series, (figures.RESERVE, "", plan, "", ""), "months", title, "q50"):
                made.append(Drawn(title, note, picture))
        return made

    def _short(self, name: str) -> str:
        return next(arm.short for arm in self.arms if arm.name == name)

    def _timed(self, series: "pd.DataFrame", of: Sequence[str], unit: str, name: str, column: str) -> Markup | None:
        mine = series
        for kind, value in zip(("indicator", "tier", "plan", "part", "alliance"), of, strict=True):
            mine = mine[mine[kind] == value]
        periods = sorted(set(series["period"]))
        by_arm = {arm: rows.set_index("period").reindex(periods) for arm, rows in mine.groupby("arm")}
        lines = {arm.name: by_arm[arm.name][column].tolist() for arm in self.arms if arm.name in by_arm}
        if not lines:
            return None
        banded = next(arm.name for arm in [*self.reforms, *self.arms] if arm.name in lines)
        band = (by_arm[banded]["low"].tolist(), by_arm[banded]["high"].tolist())
        return Markup(str(times.Picture(periods, lines, band, unit, self.arms, self.since, name)))

    def network(self, referrals: "pd.DataFrame") -> list[Drawn]:
        """Where patients of every arm move between tiers."""
        by_arm = {arm.name: self._flows(referrals, arm.name) for arm in self.arms[:MAPS]}
        most = max((network.most(each) for each in by_arm.values()), default=0.0)
        names = {tier: self.names.text("tier", tier).localized for tier in network.LEVELS}
        made = []
        for arm in self.arms[:MAPS]:
            sums = dict.fromkeys(("up", "down", "admitted_up", "admitted_down"), 0.0)
            for (a, b, stage), count in by_arm[arm.name].items():
                if a == b or a not in network.LEVELS or b not in network.LEVELS or stage == "returned":
                    continue
                rises = network.LEVELS.index(b) < network.LEVELS.index(a)
                way = "up" if rises else "down"
                sums[way if stage in network.REFERRED else f"admitted_{way}"] += count / 1000
            note = say("answer.network_sums", **{key: f"{value:,.1f}" for key, value in sums.items()})
            picture = network.drawn(by_arm[arm.name], most, names, arm.title)
            made.append(Drawn(arm.title, note, picture, arm.number))
        return made if most else []

    def maps(self, scenario: Any) -> list[Drawn]:
        """The network as a map, patients before and after every reform; none where it would be one unit."""
        if not self.reforms or (known := network_map.map_of(scenario, self.names)) is None:
            return []
        table = network_map.moves(self.results, known, self.money.first)
        write(self.results.folder, "map", table)
        before = network_map.of_arm(table, BASELINE)
        made = []
        for arm in self.reforms[: MAPS - 1]:
            after = network_map.of_arm(table, arm.name)
            if before and after:
                picture = places.drawn(known.units, before, after, arm.title)
                made.append(Drawn(arm.title, "", picture, arm.number))
        return made

    def _flows(self, referrals: "pd.DataFrame", arm: str) -> dict[tuple[str, str, str], float]:
        here = referrals[referrals["arm"] == arm]
        return {
            (a, b, stage): n
            for _, a, b, stage, n in here[["arm", "from", "to", "stage", "patients"]].itertuples(index=False, name=None)
        }

    def results_of(self, arm: Arm) -> list[Step]:
        """What came of it under a reform: the outcomes of the first picture that moved, without and with it."""
        made = []
        for each in self.shown:
            change = self.values.change(arm.name, each)
            if change.there and self.values.level(BASELINE, each).there:
                told = [Tied(name).level(each, self.values.level(name, each)) for name in (BASELINE, arm.name)]
                check = self.check.name if self.check and self.check != arm else ""
                beside = Tied(check).level(each, self.values.level(check, each)) if check else Markup()
                made.append(Step("", each.name, *told, beside, change.clear))
        return made[:MOST]

    @staticmethod
    def mark(number: int, size: int = 14) -> Markup:
        """The mark of an arm."""
        return mark(number, size)

    @cached_property
    def rows(self) -> list[tables.Group]:
        """The table of every outcome."""
        return tables.rows(self.values, self.every, self.arms)

    @cached_property
    def pairs(self) -> list[tables.Against]:
        """Differences between any two reforms, for each as the reference."""
        return tables.against(self.values, self.shown, self.reforms) if len(self.reforms) > 1 else []

    def unused(self, brief: bool = False) -> list[Markup]:
        """What did nothing: by arm, then what occurred nowhere; ``brief`` leaves out what nobody used, which stands
        with the verdict of its arm."""
        made = []
        by_text: dict[str, list[str]] = {}
        for arm in self.reforms:
            sentence = "" if brief else self.meant.nobody.sentence(arm.name)
            for text in [*([sentence] if sentence else []), *self.meant.did_nothing(arm.name)]:
                by_text.setdefault(text, []).append(arm.called)
        for text, arms in by_text.items():
            who = say("answer.all_arms") if len(arms) == len(self.reforms) > 1 else say("answer.and").join(arms)
            made.append(Markup("{}").format(say("answer.unused_of", arms=who, text=text)))
        if nowhere := self.meant.nowhere():
            names = say("answer.and").join(each.name for each in nowhere)
            made.append(Markup("{}").format(say("answer.nowhere", names=names)))
        return made

    def sure(self) -> str:
        """How sure: replications or sets of parameters, and how many differences are certain."""
        pairs = [self.values.change(arm.name, each) for arm in self.reforms for each in self.shown]
        known = [each for each in pairs if each.there]
        sets = self.results.manifest.get("parameters")
        if sets:
            words = {"rows": len(sets["rows"]), "table": sets["table"], "columns": len(sets["columns"])}
            return say("answer.sure_sets", clear=sum(each.clear for each in known), of=len(known), **words)
        key = "answer.sure_once" if self.results.replications < 2 else "answer.sure"
        return say(key, runs=self.results.replications, clear=sum(each.clear for each in known), of=len(known))


def _arms(titles: dict[str, str], short: Mapping[str, Any]) -> list[Arm]:
    """Arms with their marks; the baseline has number 0, reforms count from 1."""
    made, number = [], 0
    for name, title in titles.items():
        number += name != BASELINE
        said = getattr(short[name], language()) if name in short else shortened(title, SHORT)
        made.append(Arm(name, 0 if name == BASELINE else number, title, said))
    return made
