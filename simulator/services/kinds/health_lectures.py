"""Health lectures (健康大讲堂): who comes to one trusts primary care more and knows more of health, for a while.

A resident comes in a month with chance

    lectures a year × audience / residents / 12,

and the family's trust in primary care then moves `lecture_trust` of the way to full trust, its health literacy up by
`lecture_literacy`. Of what lectures have given, `lecture_fades` is lost every month. Trust is what families see primary
care by; literacy is who comes to prevention unasked. Each seat taken costs a lecture over its audience.
"""

import numpy as np

from simulator.core.draws import purpose, uniforms
from simulator.core.fields import Block, one_of
from simulator.core.jit import compiled
from simulator.core.maths import clip
from simulator.core.messages import Text
from simulator.core.money import Transfer, rounded
from simulator.core.table import Column
from simulator.core.units import Count as Number
from simulator.core.units import Money
from simulator.declare.counts import Count
from simulator.declare.use import Use
from simulator.services.service import Service

LECTURE = purpose("health_lectures")
LEAST, MOST = 0.05, 1.0
"""Bounds of trust."""


class HealthLectures(Block):
    """Terms of health lectures."""

    lectures: Number
    """Lectures in a year, in the whole place."""
    audience: Number
    """People who come to one."""
    per_lecture: Money
    """What a lecture costs."""
    held_by: one_of("facility", "administration") = "facility"
    """Who holds them and is paid: the centres where people live, or somebody from outside."""


SERVICE = Service(
    source="Community health lectures of Beijing (evidence S14: 5,000 reach 2 m residents); sizes by judgement",
    terms=HealthLectures,
    example="""
baseline:
  services:
    health_lectures: {lectures: 350, audience: 400, per_lecture: 3000 yuan}
""",
    facilities=(Column("lectured", "f8", "per month", "chance of a resident to come to a health lecture"),),
    persons=(
        Column("heard_trust", "f8", "0 to 1", "of the family's trust, what is left of lectures that this person heard"),
        Column("heard_literacy", "f8", "standard deviations", "the same of health literacy"),
    ),
    when={"month": "home.lectured > 0.0 or rare.heard_literacy > 0.0 or rare.heard_trust > 0.0"},
    events=(Count("heard_lectures", "people of this home who came to a health lecture"),),
    counted={"month": "heard_lectures"},
    use=(Use(unused=Text("nobody came to a health lecture", "没有居民参加健康大讲堂"), events=("heard_lectures",)),),
)


def enforce(facilities, terms, offers):
    """No lectures, until residents are counted."""
    facilities["lectured"] = 0.0


def spread(facilities, terms, residents, par):
    """Everybody's chance is the same."""
    seats = terms.lectures * terms.audience / 12.0
    facilities["lectured"] = min(seats / max(float(np.sum(residents.by_age)), 1.0), 1.0)


@compiled
def newborn(person, rare):
    """Nobody has heard anything yet."""
    if rare.heard_trust != 0.0 or rare.heard_literacy != 0.0:
        rare.heard_trust = 0.0
        rare.heard_literacy = 0.0


@compiled
def month(person, rare, family, home, par, clock):
    """What was heard fades; who comes hears more."""
    trust = -par.lecture_fades * rare.heard_trust
    literacy = -par.lecture_fades * rare.heard_literacy
    u, _, _, _ = uniforms(clock, person.id, LECTURE, 0)
    comes = u < home.lectured
    if comes:
        trust += par.lecture_trust * (1.0 - family.trust)
        literacy += par.lecture_literacy
    family.trust = clip(family.trust + trust, LEAST, MOST)
    family.literacy += literacy
    rare.heard_trust += trust
    rare.heard_literacy += literacy
    return 1 if comes else 0


def settle(terms, billed):
    """The government pays for the seats taken."""
    heard = billed.market.activity["heard_lectures"]
    fen = rounded(heard * (terms.per_lecture / max(terms.audience, 1)))
    yield Transfer("government", terms.held_by, "health_lectures", fen)
