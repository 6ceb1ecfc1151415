"""The card of an arm: what it was meant to do, the verdict, its claims, its score."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from simulator.core.messages import language, say
from simulator.report.page.answer.charts.marks import Arm, glyph, line, mark
from simulator.report.page.answer.meant import Meant, service_word
from simulator.report.page.answer.outcomes import NONE, Outcome, outcome
from simulator.report.page.answer.verdict import ClaimMet, Verdict, claims_met
from simulator.report.page.answer.words import Tied, lowered, number, sentence
from simulator.report.page.numbers import tied
from simulator.study.summary import BASELINE

AIMS = 6
"""So many aims are named where no description says what an arm is meant to do."""
BAR, ZERO_AT, CLAIM_AT = 84, 20.0, 64.0


class ClaimRow(NamedTuple):
    """A claim as it is shown."""

    name: str
    said: Markup
    found: Markup
    bar: Markup
    word: str


class Card(NamedTuple):
    """An arm."""

    arm: Arm
    mark: Markup
    aim: str
    bold: Markup
    sentences: list[Markup]
    claims: list[ClaimRow]
    notes: list[Markup]


class Cards:
    """The cards of one run.

    Args:
        meant: what arms were meant to move.
        shown: outcomes of the first picture.
        arms: all, in order.
    """

    def __init__(self, meant: Meant, shown: list[Outcome], arms: Sequence[Arm]):
        self.meant, self.values, self.shown, self.arms = meant, meant.values, shown, arms
        self.verdict = Verdict(meant, shown, {arm.name: arm.called for arm in arms})

    def made(self) -> list[Card]:
        """A card for every reform; for every arm where nothing is compared."""
        if not self.values.compared:
            return [self._level_card(arm) for arm in self.arms]
        return [self._card(arm) for arm in self.arms if arm.name in self.values.compared]

    def _card(self, arm: Arm) -> Card:
        claims = [self._claim(arm, each) for each in claims_met(self.meant, arm.name)]
        notes = [note for note in (self._mix(arm), self._score(arm)) if note]
        first = arm.number == 1
        said = [*self._unused(arm), *self.verdict.sentences(arm.name)]
        return Card(
            arm, mark(arm.number, 18 if first else 15), self._aim(arm), self.verdict.bold(arm.name),
            said, claims, notes if claims or first else [],
        )  # fmt: skip

    def _level_card(self, arm: Arm) -> Card:
        tie, made = Tied(arm.name), self._unused(arm)
        for each in self.shown:
            reading = self.values.level(arm.name, each)
            if reading.there:
                made.append(sentence("answer.level", name=each.name, level=tie.level(each, reading)))
        return Card(arm, mark(arm.number, 18), self._aim(arm), Markup(say("answer.bold_level")), made, [], [])

    def _unused(self, arm: Arm) -> list[Markup]:
        """What the arm switches on and nobody used, in one sentence, if there is any."""
        sentence = self.meant.nobody.sentence(arm.name)
        return [escape(sentence)] if sentence else []

    def _aim(self, arm: Arm) -> str:
        """Its description, or what it was meant to move."""
        scenario, own = self.meant.scenarios[arm.name]
        reform = scenario.reforms.get(own)
        if reform and reform.description:
            return getattr(reform.description, language())
        services = [service_word(name) for name in self.meant.switched_on(arm.name)]
        services += [say("answer.online_paid")] if self.meant.pays_online(arm.name) else []
        aims = [lowered(each.name) for each in self.meant.aims(arm.name)][:AIMS]
        made = [say("answer.meant", aims=say("answer.and").join(aims))] if aims else []
        made += [say("answer.switches_on", services=say("answer.and").join(services))] if services else []
        return say("answer.gap").join(made)

    def _claim(self, arm: Arm, each: ClaimMet) -> ClaimRow:
        shown, row = each.claim.claim[0], {"number": self.meant.claims.index(each.claim) + 1}
        unit, mark_ = ("share", shown.mark.strip()) if shown.unit == "share" else (shown.unit, "")
        points = mark_ == "pp"
        after = say("answer.short_points") if points else "%" if unit == "share" else say(f"answer.level_{unit}")
        like = max(abs(each.said), abs(each.found.mean))
        said = tied(
            number(each.said, unit, each.said, shown.signed) + after, each.said, "report/claims", "claim", **row
        )
        column = "effect" if each.by_effect else "result"
        found = tied(
            number(each.found.mean, unit, like, shown.signed) + after, each.found.mean, "report/claims", column, **row
        )
        return ClaimRow(each.outcome.name, said, found, self._bar(arm, each), say(f"answer.claim_{each.verdict}"))

    def _bar(self, arm: Arm, each: ClaimMet) -> Markup:
        """How far the claim was met, on a line from nought to the claim."""

        def x(part: float) -> float:
            return min(max(ZERO_AT + (CLAIM_AT - ZERO_AT) * part, 2.0), BAR - 2.0)

        made = [line("rule", 2, BAR - 2, 9, 9), line("zero", x(0), x(0), 3, 15)]
        made.append(f'<rect class="goal" x="{x(1) - 1.5:.1f}" y="2" width="3" height="14"/>')
        if each.part.low == each.part.low:
            made.append(line(f"a{arm.number} ln", x(each.part.low), x(each.part.high), 9, 9))
        made.append(glyph(arm.number, x(each.part.mean), 9, 4.5, each.found.clear))
        return Markup(
            f'<svg class="cl" width="{BAR}" height="18" viewBox="0 0 {BAR} 18" aria-hidden="true">{"".join(made)}</svg>'
        )

    def _mix(self, arm: Arm) -> Markup | None:
        """Where the bill of a stay fell by another mix of hospitals: what it is at the old mix."""
        bill, same = (
            outcome((name, *NONE), self.meant.names) for name in ("charge_per_admission", "charge_at_old_mix")
        )
        change, at_mix = self.values.change(arm.name, bill), self.values.change(arm.name, same)
        if not (change.clear and change.mean < 0 and at_mix.there) or (at_mix.clear and at_mix.mean < change.mean / 2):
            return None
        like = self.values.level(BASELINE, bill).mean
        tie = Tied(arm.name)
        ends = tie.ends(same, at_mix, like)
        if not at_mix.clear:
            return sentence("answer.mix_unclear", ends=ends)
        key = "answer.mix_higher" if at_mix.mean > 0 else "answer.mix_lower"
        by = tie.change(same, at_mix, like, flip=at_mix.mean < 0)
        return sentence(key, by=by, ends=tie.ends(same, at_mix, like, flip=at_mix.mean < 0))

    def _score(self, arm: Arm) -> Markup | None:
        """Marks of the score, from the levels of the whole place."""
        marks = []
        totals = {arm.name: 0.0, BASELINE: 0.0}
        scored = self.meant.scored(arm.name)
        for each in scored:
            for name in totals:
                level = self.values.level(name, each.outcome)
                got = 100 * each.weight * float(each.target.reached(level.mean)) if level.there else 0.0
                totals[name] += got
                if name == arm.name:
                    marks.append(
                        say(
                            "answer.marks",
                            name=lowered(each.outcome.name),
                            got=f"{got:.0f}",
                            of=f"{100 * each.weight:.0f}",
                        )
                    )
        if not scored:
            return None
        words = {"total": f"{totals[arm.name]:.0f}", "was": f"{totals[BASELINE]:.0f}"}
        return Markup("{}").format(say("answer.score", marks=say("answer.and").join(marks), **words))
