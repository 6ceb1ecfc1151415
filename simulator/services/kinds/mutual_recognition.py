"""Share of transferred patients whose tests are recognised where they arrive (检查检验结果互认).

Recognised tests are not repeated; how many of the others are is an act of the place (`practice/actions/retest.py`).
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.core.units import Share
from simulator.declare.use import Use
from simulator.services.service import Service

SERVICE = Service(
    source="NHC 2022, measures on mutual recognition of test results (医疗机构检查检验结果互认管理办法)",
    terms=Share,
    off=0.0,
    example="""
baseline:
  services:
    mutual_recognition: 60%
""",
    facilities=(Column("recognition", "f8", "share", "transfers whose tests are recognised here", 0),),
    when={"repeats": "facility.recognition > 0.0"},
    use=(
        Use(
            unused=Text("no patient was sent on whose tests could be recognised", "没有可互认检查结果的转诊患者"),
            events=("received_up", "taken_over", "taken_on"),
        ),
    ),
)


def enforce(facilities, terms, offers):
    """The same share everywhere."""
    facilities["recognition"] = terms or 0.0


@compiled
def repeats(facility, sender, episode):
    """Only what is not recognised is repeated."""
    return 1.0 - facility.recognition
