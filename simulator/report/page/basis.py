"""What a report rests on: numbers and their sources, limits, and how to repeat it."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from simulator.core.messages import say

ASSUMED = ("judgement", "prototype")
"""Sources that are assumptions."""
ABOUT = ("population", "illness.diseases", "facilities", "network", "baseline", "reforms", "services")
"""Parts of a scenario whose numbers are listed one by one; case groups are a table of their own in the evidence."""


class Number(NamedTuple):
    """A number of the scenario: path, as written, source, year, note, range."""

    path: str
    text: str
    source: str
    year: str
    note: str


class Basis(NamedTuple):
    """Sources with how many numbers rest on each; of people, places and rules, the numbers that are assumed and those
    that are measured."""

    sources: list[tuple[str, str, int]]
    assumed: list[Number]
    measured: list[Number]

    @property
    def counted(self) -> dict[str, int]:
        """How many numbers of the whole scenario are assumed and measured."""
        assumed = sum(count for name, _, count in self.sources if name in ASSUMED)
        return {"assumed": assumed, "measured": sum(count for *_, count in self.sources) - assumed}


def basis(scenario: Mapping[str, Any]) -> Basis:
    """From a manifest's scenario, with the origins of its values."""
    origins: dict[str, dict[str, Any]] = scenario["origins"]
    cited = scenario["resolved"].get("sources", {})
    numbers = {path: each for path, each in origins.items() if not path.startswith("sources.") and each["source"]}
    counted = Counter(each["source"] for each in numbers.values())
    sources = [(name, str(cited.get(name, name)), count) for name, count in counted.most_common()]
    listed = {path: each for path, each in numbers.items() if path.startswith(ABOUT)}
    assumed = [_number(path, each) for path, each in listed.items() if each["source"] in ASSUMED]
    measured = [_number(path, each) for path, each in listed.items() if each["source"] not in ASSUMED]
    return Basis(sources, assumed, measured)


def _number(path: str, each: Mapping[str, Any]) -> Number:
    ends = each.get("range")
    span = say("report.range", low=ends[0], high=ends[1]) if ends else ""
    note = "; ".join(part for part in (span, each.get("note") or "") if part)
    return Number(path, str(each["text"]), each["source"], str(each.get("year") or ""), note)


def limits(
    manifest: Mapping[str, Any], replications: int, arms: int, basis: Basis, doubts: Sequence[Any] = ()
) -> list[str]:
    """What to bear in mind, the general and what follows from this run; ``doubts`` are what its scenario says and
    hardly means."""
    made = [say("page.limit_model")]
    made.append(say("page.limit_parameters" if manifest.get("parameters") else "page.limit_interval"))
    if replications < 10:
        made.append(say("page.limit_replications", replications=replications))
    made.append(say("page.limit_sample", families=f"{manifest['families']:,}"))
    made.append(say("page.limit_assumed", **basis.counted))
    made += [say("page.limit_doubt", path=doubt.path, text=doubt.text.localized) for doubt in doubts]
    if arms > 1:
        made.append(say("page.limit_rank"))
    if not manifest["complete"]:
        made.append(say("page.limit_stopped"))
    if manifest.get("dirty"):
        made.append(say("page.limit_dirty"))
    return made


def repeated(manifest: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    """The command, and the facts that identify the run."""
    typed = manifest.get("command")
    asked = manifest["asked"]
    command = shlex.join(typed) if typed else shlex.join(
        ["tiercare", "run", manifest["scenario"]["name"], "--arms", ",".join(asked), "--seed", str(manifest["seed"]),
         "--replications", str(max(map(len, asked.values()))), "--families", str(manifest["families"])]
    )  # fmt: skip
    versions, machine = manifest["versions"], manifest["machine"]
    facts = [
        (say("page.fact_scenario"), manifest["scenario"]["name"]),
        (say("page.fact_seed"), str(manifest["seed"])),
        (say("page.fact_families"), f"{manifest['families']:,}"),
        (say("page.fact_version"), f"tiercare {versions['tiercare']}, Python {versions['python']}"),
        (say("page.fact_commit"), str(manifest.get("commit") or "–")[:12]),
        (say("page.fact_source"), f"{manifest['source_hash']} / {manifest['data_hash']}"),
        (say("page.fact_made"), str(manifest.get("end") or manifest["start"])),
        (say("page.fact_machine"), f"{machine['system']} {machine['architecture']}, {machine['processor']}"),
    ]
    return command, facts
