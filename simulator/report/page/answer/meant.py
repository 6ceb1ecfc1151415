"""What an arm was meant to move, and what of it nobody used."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.messages import say
from simulator.payment.score import Target, reported
from simulator.report import programme
from simulator.report.claims import ReportedClaim
from simulator.report.keepers import BUDGET
from simulator.report.page.answer.outcomes import NONE, Names, Outcome, Series, first, in_order, outcome, usual, wanted
from simulator.report.page.answer.values import Values
from simulator.report.unused import Unused
from simulator.scenario.schema.answer import MOST
from simulator.services.services import SERVICES
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    from simulator.scenario.schema.rules import Rules


class Score(NamedTuple):
    """What a score gives an arm for one indicator: its outcome, weight, and marks reached by arm."""

    outcome: Outcome
    weight: float
    target: Target


class Meant:
    """Aims of every arm, read off a scenario and its claims.

    Args:
        scenarios: the scenario of every arm, and the arm's name in it.
        values: of the run.
        names: titles.
        claims: as reported.
    """

    def __init__(
        self,
        scenarios: Mapping[str, tuple[Any, str]],
        values: Values,
        names: Names,
        claims: Sequence[ReportedClaim],
    ):
        self.scenarios, self.values, self.names, self.claims = scenarios, values, names, claims

    def rules(self, arm: str) -> "Rules":
        """In force in an arm at its end."""
        scenario, own = self.scenarios[arm]
        return scenario.states(own)[-1].rules

    @cached_property
    def answer(self) -> Any:
        """What the first scenario says of its answer."""
        return next(iter(self.scenarios.values()))[0].answer

    def claimed(self, arm: str) -> list[tuple[ReportedClaim, Outcome]]:
        """Claims about an arm, of whole indicators, that the run has figures for."""
        return [
            (claim, self.of(claim.row.series))
            for claim in self.claims
            if claim.arm == arm and claim.row and (claim.effect.there or claim.result.there)
        ]

    def of(self, series: Series) -> Outcome:
        """The outcome of a series; of the one alliance where only alliances have it."""
        known = self.values.known
        if series not in known:
            alliances = [each for each in known if each[:4] == series[:4] and each[4]]
            series = alliances[0] if len(alliances) == 1 else series
        return outcome(series, self.names)

    def scored(self, arm: str) -> list[Score]:
        """Indicators that scale what an arm's alliances keep, where the arm brought them."""
        targets = programme.scored(self.rules(arm), self.before(arm)) if arm != BASELINE else {}
        return [Score(self._scored(name), target.weight, target) for name, target in targets.items()]

    def _scored(self, name: str) -> Outcome:
        indicator, part = reported(name)
        return self.of((indicator, "", "", part, ""))

    def before(self, arm: str) -> "Rules":
        """In force at the end without the reform."""
        return self.scenarios[arm][0].states(BASELINE)[-1].rules

    def switched_on(self, arm: str) -> list[str]:
        """Services that an arm has and the baseline has not."""
        return programme.switched_on(self.rules(arm), self.before(arm)) if arm != BASELINE else []

    def pays_online(self, arm: str) -> bool:
        """Whether an arm has online care paid, and the baseline not or otherwise."""
        return arm != BASELINE and programme.pays_online(self.rules(arm), self.before(arm))

    def aims(self, arm: str) -> list[Outcome]:
        """What an arm was meant to move: claims, then scored indicators, then those of its services, of online care
        that it pays for, and of its budgets."""
        made = [aim for _, aim in self.claimed(arm)] + [score.outcome for score in self.scored(arm)]
        for name in self.switched_on(arm):
            made += [self.of((each.name, *NONE)) for each in SERVICES[name].service.indicators]
        if self.pays_online(arm):
            made += [self.of((indicator, tier, "", "", "")) for indicator, tier in programme.OF_ONLINE]
        if self._has_budget(arm):
            made += [self.of(each) for each in self.values.known if each[0] == BUDGET]
        return list(dict.fromkeys(each for each in made if each.series in self.values.known))

    def first(self) -> list[Outcome]:
        """The ten outcomes of the first picture: those that the scenario declares, or those that its arms were meant to
        move and what every report shows; none that no arm changes."""
        values = self.values
        if declared := [wanted(each, self.names) for each in self.answer.outcomes]:
            return in_order(each for each in declared if values.moves(each))
        found = [each for arm in values.arms for each in self.aims(arm)]
        found += [outcome(series, self.names) for series in first()]
        there = [each for each in dict.fromkeys(found) if each.better and values.moves(each)]
        if values.compared:
            there = [each for each in there if any(values.change(arm, each).there for arm in values.compared)]
        return in_order(there[:MOST])

    def every(self) -> list[Outcome]:
        """The outcomes of the table: all that reports know and the programme's own, but for what no arm changes."""
        found = {series: outcome(series, self.names) for series in usual(self.values.known)}
        for arm in self.values.arms:
            found |= {each.series: each for each in self.aims(arm) if each.series not in found}
        found |= {each.series: each for each in (wanted(one, self.names) for one in self.answer.outcomes)}
        return in_order(each for each in found.values() if self.values.moves(each))

    @cached_property
    def nobody(self) -> Unused:
        """What of every arm nobody used."""
        return Unused(self.values.results, self.scenarios)

    def did_nothing(self, arm: str) -> list[str]:
        """Sentences on what of the arm did nothing, but for what nobody used."""
        made = []
        if self._has_budget(arm) and arm not in self.values.money.overspent:
            made.append(say("answer.never_overspent"))
        for score in self.scored(arm):
            level = self.values.level(BASELINE, score.outcome)
            if level.there and score.target.reached(level.mean) >= 1.0:
                made.append(say("answer.score_full", name=score.outcome.name))
        return made

    def _has_budget(self, arm: str) -> bool:
        return arm != BASELINE and programme.has_budget(self.rules(arm), self.before(arm))

    def nowhere(self) -> list[Outcome]:
        """Outcomes that are nought in every arm."""
        made = []
        for series in usual(self.values.known):
            found = [self.values.by_replication(arm, series) for arm in self.values.arms]
            if not any(value for each in found for value in each.values()):
                made.append(outcome(series, self.names))
        return made


def service_word(name: str) -> str:
    """A service in words."""
    return say(f"answer.service_{name}")
