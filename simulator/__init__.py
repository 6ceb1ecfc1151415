"""tiercare: people, facilities and money of tiered health care in China, month by month.

The map of the house. A room imports only from the floors below it; rooms of one floor do not see each other.

=====  =====================  ============================================================================
floor  room                   holds
=====  =====================  ============================================================================
0      ``core``               words, tables, money, draws, compilation, messages, errors
1      ``population``         people and families: who lives here
2      ``illness``            case groups, episodes and their severity, chronic disease
3      ``choice``             whether to seek care, where, and what is learned from it
4      ``referral``           the network of facilities, the way up, the way down, queues
5      ``declare``            how counts and indicators are declared; the books
6      ``benefit``            what the patient pays: one file per rule
6      ``payment``            what the provider is allowed: one file per rule
7      ``practice``           how doctors, centres and hospitals respond to what they are paid
8      ``services``           what is done besides treating and paying: one file per service
9      ``alliance``           what an alliance changes in a visit: one file per channel
9      ``count``              what is counted of episodes and bills, each thing declared once
9      ``fund``               the ledger, settlement, budgets
10     ``engine``             the passes over families, the month as a list of phases
11     ``scenario``           scenario files: ``language``, ``schema``, ``resolve``, ``compile``
12     ``agents``             Mesa agents
12     ``simulation``         ``Simulation``: one arm and replication, month by month
13     ``model``              ``HealthSystem``, the simulation as a Mesa model
14     ``study``              runs of many arms and replications, their results on disk
15     ``calibrate``          from priors and targets to an ensemble of parameter sets
16     ``problems``           the problem book, and its runs with and without a cure
17     ``systems``            the register of programmes, and its runs with and without each mechanism
18     ``report``             tables for people
19     ``validation``         predictions of natural experiments, levels and claims against what was measured
20     ``classroom``          a page on which a change of rule is seen to change people
21     ``cli``                the command ``tiercare``
=====  =====================  ============================================================================

As a library::

    from simulator import load, run

    scenario = load("scenarios/base.yaml", families=2_000, months=24)
    results = run(scenario, replications=4)
    results.monthly    # a pandas frame
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.agents.family import Family
    from simulator.agents.insurers import Fund, Insurer
    from simulator.agents.places import (
        CommunityCentre,
        CountyHospital,
        Facility,
        FamilyDoctor,
        Station,
        TertiaryHospital,
    )
    from simulator.model import HealthSystem
    from simulator.report.figures.write import plot
    from simulator.scenario import load
    from simulator.study.results import Results
    from simulator.study.run import run

__version__ = "0.1.0"
__all__ = [
    "CommunityCentre",
    "CountyHospital",
    "Facility",
    "Family",
    "FamilyDoctor",
    "Fund",
    "HealthSystem",
    "Insurer",
    "Results",
    "Station",
    "TertiaryHospital",
    "__version__",
    "load",
    "plot",
    "run",
]

_ROOMS = {
    "HealthSystem": "simulator.model",
    "load": "simulator.scenario",
    "run": "simulator.study.run",
    "Results": "simulator.study.results",
    "plot": "simulator.report.figures.write",
    "Family": "simulator.agents.family",
    **dict.fromkeys(("Fund", "Insurer"), "simulator.agents.insurers"),
    **dict.fromkeys(
        ("CommunityCentre", "CountyHospital", "Facility", "FamilyDoctor", "Station", "TertiaryHospital"),
        "simulator.agents.places",
    ),
}


def __getattr__(name: str) -> Any:
    """Fetch an exported name from its room on first use, so that ``import simulator`` stays light (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from simulator.core.garbage import uncollected

    with uncollected():
        value = getattr(import_module(_ROOMS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
