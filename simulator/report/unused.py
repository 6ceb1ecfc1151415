"""What an arm switches on and nobody used, read off its results as each thing declares its use (`declare/use.py`)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.alliance.channels import CHANNELS
from simulator.core.messages import Text, say
from simulator.count.indicators import online
from simulator.declare.use import Use, kinds_named
from simulator.report.display import word
from simulator.report.programme import OFFERED, in_use, rule_word, switched_on
from simulator.scenario.resolve.alliances import members_of
from simulator.scenario.resolve.facilities import network_of
from simulator.scenario.resolve.sense import idle
from simulator.services.services import SERVICES
from simulator.study.explain.by_channel import acting
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.scenario.schema.rules import Rules
    from simulator.study.results import Results

type Scenarios = Mapping[str, tuple[Any, str]]
"""By arm, its scenario and its name there."""


class Told(NamedTuple):
    """Something that nobody used."""

    what: str
    """service, settlement, plan, alliance, network, or condition for what was known beforehand."""
    name: str
    """As in the scenario; of a condition, its name in `sense.yaml`."""
    text: Text
    """That nobody used it, a clause."""


class Unused:
    """What nobody used in any replication of a run, over all reported months.

    Args:
        results: of the run.
        scenarios: of its arms.
    """

    def __init__(self, results: "Results", scenarios: Scenarios):
        self.results, self.scenarios = results, scenarios
        self._told: dict[str, list[Told]] = {}
        self._stages: dict[str, set[str]] = {}

    def told(self, arm: str) -> list[Told]:
        """What nobody used in an arm: of a reform, of what it has and the baseline has not, or has otherwise; of the
        baseline, of everything. Each thing is told once, at the first step of its use that nobody took."""
        if arm not in self._told:
            self._told[arm] = list({each.text: each for each in self._found(arm)}.values())
        return self._told[arm]

    def sentence(self, arm: str) -> str:
        """The same in one sentence; empty if everything was used."""
        items = say("unused.gap").join(each.text.localized for each in self.told(arm))
        return say("unused.sentence", items=items) if items else ""

    def lines(self) -> Iterator[str]:
        """A line for each arm that has something that nobody used; what the baseline has too is said of it alone."""
        for arm in self.results.arms:
            if sentence := self.sentence(arm):
                yield say("unused.of", arm=word("arm", arm), sentence=sentence)

    def table(self) -> "pd.DataFrame":
        """Columns arm, what, name, en, zh."""
        import pandas as pd

        rows = [(arm, each.what, each.name, *each.text) for arm in self.results.arms for each in self.told(arm)]
        return pd.DataFrame(rows, columns=["arm", "what", "name", "en", "zh"])

    def _found(self, arm: str) -> Iterator[Told]:
        scenario, own = self.scenarios[arm]
        rules, before = (scenario.states(each)[-1].rules for each in (own, BASELINE))
        if own == BASELINE:
            before = None
        beforehand, known = idle(scenario, own), idle(scenario, BASELINE) if before else {}
        yield from (Told("condition", name, text) for name, (_, text) in beforehand.items() if name not in known)
        said = {at for at, _ in beforehand.values()}
        services = list(self._services(arm, rules, before))
        settlements = self._settlements(arm, rules, before, {each.name for each in services})
        for each in (*services, *settlements, *self._plans(arm, rules, before)):
            if f"{each.what}s.{each.name}" not in said:
                yield each
        if rules.alliances and (before is None or rules.alliances != before.alliances):
            for name in acting(scenario, own):
                yield from self._told_of(arm, "alliance", name, CHANNELS[name].channel.use)
        if any(each.tier == "online" for each in scenario.network.facilities.values()):
            yield from self._told_of(arm, "network", "online", (online.USE,))

    def _services(self, arm: str, rules: "Rules", before: "Rules | None") -> Iterator[Told]:
        """Services that an arm has; not those that it takes away."""
        changed = SERVICES if before is None else switched_on(rules, before)
        for name in in_use(rules):
            if name in changed:
                yield from self._told_of(arm, "service", name, SERVICES[name].use, getattr(rules.services, name, None))

    def _settlements(self, arm: str, rules: "Rules", before: "Rules | None", idle: set[str]) -> Iterator[Told]:
        """Settlements, but for those that offer a service which is ``idle``: that says it."""
        for name, block in rules.settlements.items():
            same = before is not None and before.settlements.get(name) == block
            if not same and OFFERED.get(rule_word(block)) not in idle:
                yield from self._told_of(arm, "settlement", name, block.rule.uses(), block.rule)

    def _plans(self, arm: str, rules: "Rules", before: "Rules | None") -> Iterator[Told]:
        for name, plan in rules.plans.items():
            if before is None or before.plans.get(name) != plan:
                yield from self._told_of(arm, "plan", name, plan.use, plan)

    def _told_of(self, arm: str, what: str, name: str, uses: Iterable[Use], terms: Any = None) -> Iterator[Told]:
        """The first step of a thing's use that nobody took, of those that its ``terms`` let expect."""
        expected = (use for use in uses if not use.wanted or getattr(terms, use.wanted, None))
        if (use := next((use for use in expected if not self._done(arm, use)), None)) is not None:
            yield Told(what, name, use.unused)

    def _done(self, arm: str, use: Use) -> bool:
        return (
            any(self._counted(arm, event, use.tier) for event in use.events)
            or any((arm, indicator) in self._indicators for indicator in use.indicators)
            or (bool(use.postings) and any(kinds_named(use.postings, kind) for kind in self._kinds.get(arm, ())))
            or (bool(use.within) and not self._within(arm).isdisjoint(use.within))
        )

    def _counted(self, arm: str, event: str, tier: str) -> bool:
        """Whether an event was counted; taken for granted in results from before it was counted."""
        if event not in self._places:
            return True
        there = self._places["arm"].eq(arm) & (self._places["tier"].eq(tier) if tier else True)
        return bool(self._places.loc[there, event].any())

    @cached_property
    def _places(self) -> "pd.DataFrame":
        return self.results.coded("facilities")

    @cached_property
    def _indicators(self) -> set[tuple[str, str]]:
        """Arms and indicators that were ever above zero."""
        months = self.results.coded_months
        some = months.loc[months["value"] > 0, ["arm", "indicator"]].drop_duplicates()
        return set(some.itertuples(index=False, name=None))

    @cached_property
    def _kinds(self) -> dict[str, set[str]]:
        """Kinds of postings that moved money, by arm."""
        found: dict[str, set[str]] = {}
        for arm, kind in self.results.distinct("ledger", ["arm", "kind"], [("fen", ">", 0)]):
            found.setdefault(arm, set()).add(kind)
        return found

    def _within(self, arm: str) -> set[str]:
        """Stages of referrals between members of one alliance of an arm."""
        if arm not in self._stages:
            self._stages[arm] = self._found_within(arm)
        return self._stages[arm]

    def _found_within(self, arm: str) -> set[str]:
        scenario, own = self.scenarios[arm]
        rules, network = scenario.states(own)[-1].rules, network_of(scenario)
        members = members_of(rules, network)
        of = {network.names[row]: name for name in rules.alliances for row in members[name]}
        flows = self.results.coded("referrals", columns=["arm", "from", "to", "stage", "count"])
        flows = flows[(flows["arm"] == arm) & (flows["count"] > 0)]
        pairs = flows[["from", "to", "stage"]].drop_duplicates().itertuples(index=False, name=None)
        return {stage for sender, receiver, stage in pairs if sender in of and of[sender] == of.get(receiver)}
