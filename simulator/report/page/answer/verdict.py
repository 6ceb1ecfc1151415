"""The verdict on an arm, by rules: what it moved against what it was meant to, whom it cost, what got worse, how sure.

A change that is not certain is said to be uncertain; one that is certain and small is said to be small. Where nothing
better can be said the sentence counts. No arm is left out.
"""

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import language, say
from simulator.report.claims import ReportedClaim
from simulator.report.page.answer.meant import Meant
from simulator.report.page.answer.outcomes import NONE, Outcome, outcome
from simulator.report.page.answer.values import Reading, Values
from simulator.report.page.answer.words import Tied, lowered, moved, sentence
from simulator.report.page.numbers import tied
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

CORE: tuple[tuple[str, ...], ...] = (
    ("primary_share_of_visits", *NONE),
    ("own_payments", *NONE),
    ("fund_payments", *NONE),
)
"""What every verdict says something of: primary care, families, funds."""
SMALL_SHARE, SMALL = 0.015, 0.03
"""Changes below which hardly anything moved: of a share, in points; of anything else, as part of its level."""
LARGE = 2.0
"""So many times the smallest change that counts an interval must reach for the change to be possibly large."""
ALIKE = 0.25
"""Part of what another arm did within which an arm did almost the same."""
MET = 0.85
"""Part of a claim from which it counts as met."""
BETTER, WORSE = 1, 2
"""So many further outcomes that got better and worse are named."""


TABLE, COUNTS = "report/verdicts", ("better", "worse", "every")


class ClaimMet(NamedTuple):
    """A claim beside what was found: the claim's number, the finding, and how much of the claim that is."""

    claim: ReportedClaim
    outcome: Outcome
    said: float
    found: Reading
    part: Reading
    verdict: str
    """met, short, opposite or unclear."""
    by_effect: bool


def weight(values: Values, arm: str, of: Outcome, base: str = BASELINE) -> float:
    """How large a change is, in units of the smallest that counts; positive where it is for the better."""
    change, level = values.change(arm, of, base), values.level(base, of)
    if not change.there:
        return 0.0
    least = SMALL_SHARE if of.unit == "share" else SMALL * abs(level.mean)
    return (of.better or 1) * change.mean / least if least else 0.0


def claims_met(meant: Meant, arm: str) -> list[ClaimMet]:
    """Every claim about an arm beside the run."""
    made = []
    for claim, about in meant.claimed(arm):
        by_effect = claim.claim[0].signed and claim.effect.there
        found = claim.effect if by_effect else claim.result
        said = claim.claim[0].mean
        if not found.there or not said:
            continue
        part = sorted((found.low / said, found.high / said))
        reading = Reading(found.mean / said, *part)
        verdict = _met(reading)
        made.append(ClaimMet(claim, about, said, Reading(*found[:3]), reading, verdict, by_effect))
    return made


def _met(part: Reading) -> str:
    if part.high < 0:
        return "opposite"
    if part.mean >= MET or (part.high >= 1.0 and part.low > 0):
        return "met"
    return "short" if part.low > 0 or part.high < MET else "unclear"


class Verdict:
    """The sentences on the arms of one run.

    Args:
        meant: what they were meant to move.
        shown: outcomes of the first picture.
        titles: of arms, in full.
    """

    def __init__(self, meant: Meant, shown: list[Outcome], titles: dict[str, str]):
        self.meant, self.values, self.shown, self.titles = meant, meant.values, shown, titles

    def bold(self, arm: str) -> Markup:
        """The half-sentence that sums it up."""
        values = self.values
        if values.results.replications < 2:
            return Markup(say("answer.bold_once"))
        sizes = {each: weight(values, arm, each) for each in self.shown}
        clear = [each for each in self.shown if values.change(arm, each).clear]
        if not clear:
            return Markup(say("answer.bold_unclear"))
        if all(abs(sizes[each]) < 1 for each in clear):
            wide = any(self._may_be_large(arm, each) for each in self.shown if each not in clear)
            return Markup(say("answer.bold_few" if wide else "answer.bold_little"))
        if other := self._twin(arm):
            return sentence("answer.bold_same", arm=self.titles[other])
        if claims := [each for each in claims_met(self.meant, arm) if each.by_effect]:
            return self._bold_claim(arm, claims[0])
        counted = self.counts(arm)
        words = {name: tied(f"{counted[name]:.0f}", counted[name], TABLE, name, arm=arm) for name in COUNTS}
        return sentence("answer.bold_count", **words)

    def _may_be_large(self, arm: str, of: Outcome) -> bool:
        """Whether the interval of a change that is not clear holds one that would count, twice over."""
        change, size = self.values.change(arm, of), abs(weight(self.values, arm, of))
        reach = max(abs(change.low), abs(change.high)) if change.there else 0.0
        return reach > 0 and (change.mean == 0 or size * reach / abs(change.mean) >= LARGE)

    def counts(self, arm: str) -> dict[str, float]:
        """How many outcomes got clearly better and worse of how many, and how much of the first claim was met."""
        sizes = [weight(self.values, arm, each) for each in self.shown if self.values.change(arm, each).clear]
        met = [each.part.mean for each in claims_met(self.meant, arm) if each.by_effect]
        better = sum(size > 0 for size in sizes)
        return dict(zip((*COUNTS, "met"), (better, len(sizes) - better, len(self.shown), *met[:1]), strict=False))

    def table(self) -> "pd.DataFrame":
        """Columns arm, better, worse, every, met (part of the first claim)."""
        import pandas as pd

        rows = [{"arm": arm, **self.counts(arm)} for arm in self.values.compared]
        return pd.DataFrame(rows, columns=["arm", *COUNTS, "met"])

    def _bold_claim(self, arm: str, claim: ClaimMet) -> Markup:
        if claim.verdict == "unclear":
            return sentence("answer.bold_claim_unclear", name=lowered(claim.outcome.name))
        rose = moved(claim.found.mean, claim.outcome.unit)
        part = tied(f"{100 * claim.part.mean:.0f}", claim.part.mean, TABLE, "met", arm=arm)
        return sentence(f"answer.bold_claim_{claim.verdict}", name=claim.outcome.name, moved=rose, part=part)

    def _twin(self, arm: str) -> str:
        """An arm before this one that did almost the same, and something."""
        before = self.values.compared[: self.values.compared.index(arm)]
        for other in before:
            theirs = {each: abs(weight(self.values, other, each)) for each in self.shown}
            apart = {each: abs(weight(self.values, arm, each, other)) for each in self.shown}
            if any(size >= 1 for size in theirs.values()) and all(
                apart[each] < max(1.0, ALIKE * theirs[each]) for each in self.shown
            ):
                return other
        return ""

    def sentences(self, arm: str) -> list[Markup]:
        """What follows: primary care, families and funds; what else got better or worse."""
        core = [outcome(series, self.meant.names) for series in CORE if series in self.values.known]
        there = [each for each in core if self.values.change(arm, each).there]
        alone = self.values.results.replications < 2
        made = [self.one(arm, each) for each in there if alone or self.values.change(arm, each).clear]
        if unclear := [each for each in there if not alone and not self.values.change(arm, each).clear]:
            made.append(self._unclear(arm, unclear))
        if other := self._twin(arm):
            return [*made, self._beside(arm, other, core[0])]
        others = [each for each in self.shown if each not in core and self.values.change(arm, each).clear]
        sizes = {each: weight(self.values, arm, each) for each in others}
        better = sorted((e for e in others if sizes[e] >= 1), key=lambda e: -sizes[e])[:BETTER]
        worse = sorted((e for e in others if sizes[e] <= -1), key=lambda e: sizes[e])[:WORSE]
        if better:
            made.append(self._list("answer.also", arm, better))
        if worse:
            made.append(self._list("answer.but", arm, worse))
        return made

    def one(self, arm: str, each: Outcome) -> Markup:
        """One outcome of an arm in a sentence."""
        to = Tied(arm).level(each, self.values.level(arm, each))
        return sentence("answer.moved", to=to, **self._parts(arm, each))

    def _unclear(self, arm: str, those: list[Outcome]) -> Markup:
        """Outcomes of which it is not clear whether they moved."""
        made = []
        for each in those:
            ends = Tied(arm).ends(each, self.values.change(arm, each), self.values.level(BASELINE, each).mean)
            name = lowered(each.name) if language() == "en" else each.name
            made.append(sentence("answer.not_clear_one", name=name, ends=ends))
        return sentence("answer.not_clear", list=Markup(say("answer.and")).join(made))

    def _beside(self, arm: str, other: str, each: Outcome) -> Markup:
        """How far an arm is from the one that did almost the same."""
        change, like = self.values.change(arm, each, other), self.values.level(other, each).mean
        told = Tied(arm, "report/between", against=other)
        by = told.change(each, change, like, signed=True)
        ends = told.ends(each, change, like)
        unit = Markup("{}{}").format(by, say(f"answer.by_{each.unit}"))
        return sentence("answer.beside", arm=self.titles[other], name=each.name, by=unit, ends=ends)

    def _parts(self, arm: str, each: Outcome) -> dict[str, Markup | str]:
        change, like = self.values.change(arm, each), self.values.level(BASELINE, each).mean
        told, fell = Tied(arm), change.mean < 0
        by = told.change(each, change, like, flip=fell)
        ends = told.ends(each, change, like, flip=fell)
        return {
            "name": each.name,
            "moved": moved(change.mean, each.unit),
            "by": Markup("{}{}").format(by, say(f"answer.by_{each.unit}")),
            "ends": sentence("answer.in_brackets", ends=ends) if ends else Markup(),
        }

    def _list(self, key: str, arm: str, those: list[Outcome]) -> Markup:
        made = []
        for each in those:
            parts = self._parts(arm, each)
            parts["name"] = lowered(str(parts["name"])) if language() == "en" else parts["name"]
            made.append(sentence("answer.moved_short", **parts))
        return sentence(key, list=Markup(say("answer.list")).join(made))
