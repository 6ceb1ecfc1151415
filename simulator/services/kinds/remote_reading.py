"""Imaging and ECG tested here and read there (基层检查、上级诊断): a place of primary care does the test, the hospital
above reads it at once (远程影像、远程心电).

Who needs one at first contact: min(1, `reading_needed` · severity). With the reading the doctor is more able for the
case, by `reading_gain` of the gap to the hospital, so more are cured here and fewer are sent up; who is sent up all
the same brings the result along, and a hospital does not repeat it. Nobody travels for it. The insurer pays the local
price: the reader gets its fee of that, the place that tests the rest, out of which it buys what the test uses up.
"""

from collections.abc import Iterator

from simulator.core.draws import purpose, uniforms
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.money import Transfer, rounded, share_out
from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.core.units import Money, Share
from simulator.declare.counts import Count
from simulator.declare.expressions import At, Either
from simulator.declare.indicator import Figure, Indicator
from simulator.declare.rows import episode, new
from simulator.declare.use import Use
from simulator.services.paying import over_plans
from simulator.services.service import Service
from simulator.services.where import Placed

READING = purpose("remote_reading")
ABOVE = At("facilities", episode.seen, "up_secondary")
READER = Either(ABOVE >= 0, ABOVE, At("facilities", episode.seen, "up_tertiary"))
"""The hospital thought of first where a patient was seen."""


class RemoteReading(Placed):
    """Terms of remote reading, for places of primary care among the facilities named."""

    price: Money
    """Local price of a test with its reading, fen."""
    fund_pays: Share
    """Share of the price that the fund pays; patients pay the rest."""
    reader_share: Share = 0.3
    """Share of the price that the hospital gets which reads."""
    supplies: Share = 0.2
    """Share of the price that the place which tests spends on what the test uses up."""


def per_visit(month) -> Iterator[Figure]:
    """Tests read elsewhere, per visit at primary."""
    if (month.world.facilities["reads_remotely"] == 1).any():
        visits = float(month.visits.sum(1)[: CENTRE + 1].sum())
        yield Figure(float(month.events("remote_tests").sum()), visits)


SERVICE = Service(
    source="Evidence S04, ORG4: Ningxia, tests at primary are read by hospitals and paid at the primary price; "
    "NHC 2018 telemedicine rules (远程医疗服务管理规范); gain and need by judgement",
    terms=RemoteReading,
    example="""
baseline:
  services:
    remote_reading: {for: {tiers: primary}, price: 60 yuan, fund_pays: 70%}
""",
    facilities=(Column("reads_remotely", "i8", "0 or 1", "tests done here are read at the hospital above"),),
    where="reads_remotely",
    episodes=(Column("tested", "i1", "0 or 1", "a hospital read a test done where the patient was seen"),),
    when={"diagnosis": "doctor.reads_remotely == 1", "repeats": "episode.tested == 1"},
    events=(
        Count("remote_tests", "tests done here and read elsewhere", episode.seen, when=new & (episode.tested == 1)),
        Count("remote_readings", "tests done elsewhere and read here", READER, when=new & (episode.tested == 1)),
    ),
    indicators=(
        Indicator(
            "remote_readings_per_visit", "share", "–; only where there is remote reading",
            "tests done at primary and read by a hospital", "visits at primary",
            Text("remote readings per visit at primary care", "基层每诊次远程诊断数"), per_visit,
            events=True,
        ),
    ),
    use=(
        Use(
            unused=Text("no test of primary care was read at a hospital", "没有基层检查由上级医院诊断"),
            events=("remote_tests",),
        ),
    ),
)  # fmt: skip


@compiled
def needed(severity, par):
    """Chance that a patient of this severity needs a test that a hospital would read."""
    return min(1.0, par.reading_needed * severity)


@compiled
def helped(own, hospital, par):
    """Capability of a doctor who has the reading: nearer to that of the hospital that read."""
    return own + par.reading_gain * max(hospital - own, 0.0)


@compiled
def diagnosis(able, episode, person, doctor, above, force):
    """Who needs a test has it here, and it is read above."""
    u, _, _, _ = uniforms(force.clock, person, READING, episode.number)
    if u >= needed(episode.severity, force.par):
        return able
    episode.tested = 1
    return helped(able, force.facilities[above].capability, force.par)


@compiled
def repeats(facility, sender, episode):
    """What a hospital has read no hospital does again."""
    return 0.0 if facility.tier > sender.tier else 1.0


def settle(terms, billed):
    """The local price is paid to both, and to suppliers."""
    market = billed.market
    tests, read = market.activity["remote_tests"], market.activity["remote_readings"]
    whole = tests * terms.price
    theirs = rounded(whole * terms.reader_share)
    fen = whole - theirs
    if read.any():
        fen = fen + share_out(int(theirs.sum()), read)
    fund = rounded(fen * terms.fund_pays)
    yield Transfer("fund", "facility", "remote_reading", over_plans(billed, fund))
    yield Transfer("families", "facility", "remote_reading_own", fen - fund)
    yield Transfer("facility", "suppliers:tests", "remote_supplies", rounded(whole * terms.supplies))
