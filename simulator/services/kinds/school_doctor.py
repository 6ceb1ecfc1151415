"""School doctor (校医): who falls ill at school is looked at there first, and sent to the family doctor.

school doctor → family doctor → specialist: where a child's school takes part, the parents of a child who is not very
ill are told to go to the family doctor, who sends on whoever needs a specialist. Advice is worth `school_named` to
them; they may still go elsewhere. Children in the care of school doctors are

    share = min(schools × pupils, trained × `school_staff`) / children from 3 to 17,   at most one,

a draw that a child keeps, in the months of term. Severe illness goes where it would have gone.
"""

import numpy as np

from simulator.core.draws import lasting, purpose
from simulator.core.fields import Block, one_of
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.money import Transfer, instalment, rounded
from simulator.core.table import Column
from simulator.core.units import Count as Number
from simulator.core.units import PerYear
from simulator.declare.counts import Count
from simulator.declare.expressions import At
from simulator.declare.rows import episode, home, new, person
from simulator.declare.use import Use
from simulator.services.service import Service

AT_SCHOOL = purpose("school_doctor")
FIRST, LEAVES = 3, 18
"""Ages from which a child goes to a kindergarten, and has left school."""


class SchoolDoctor(Block):
    """Terms of school doctors."""

    schools: Number
    """Schools and kindergartens that take part, in the whole place."""
    pupils: Number
    """Children at one of them."""
    trained: Number
    """School doctors and health teachers who are trained for it, in the whole place."""
    per_school: PerYear
    """What the clinic of a school costs."""
    paid_by: one_of("government", "families") = "government"
    """Who bears it: the budget for schools, or the parents."""


SERVICE = Service(
    source="School doctor, family doctor, specialist (evidence W03: 64 schools, 166 trained); its effect by judgement",
    terms=SchoolDoctor,
    example="""
baseline:
  services:
    school_doctor: {schools: 64, pupils: 900, trained: 166, per_school: 80000 yuan/year}
""",
    facilities=(Column("schooled", "f8", "share", "children from 3 to 17 whose school has a doctor trained for it"),),
    when={"advice": f"home.schooled > 0.0 and person.age >= {FIRST} and person.age < {LEAVES}"},
    events=(
        Count(
            "pupils_ill",
            "new illnesses of children of this home in places whose schools have a doctor",
            home,
            when=new
            & (episode.kind == "illness")
            & (At("facilities", home, "schooled") > 0.0)
            & (person.age >= FIRST)
            & (person.age < LEAVES),
        ),
    ),
    use=(Use(unused=Text("no school doctor saw a child", "没有校医接诊过学生"), events=("pupils_ill",)),),
)


def enforce(facilities, terms, offers):
    """Nobody, until children are counted."""
    facilities["schooled"] = 0.0


def spread(facilities, terms, residents, par):
    """The same share everywhere: as many children as there are places in these schools, and trained staff for."""
    children = max(float(np.sum(residents.by_age[FIRST:LEAVES])), 1.0)
    looked_after = min(terms.schools * terms.pupils, terms.trained * float(par["school_staff"]))
    facilities["schooled"] = min(looked_after / children, 1.0)


@compiled
def term(calendar):
    """Whether schools are open in a month of the year: not in February, July and August."""
    return calendar != 2 and calendar != 7 and calendar != 8


@compiled
def advice(person, family, home, felt, refill, par, clock):
    """What the word of the school doctor is worth to the parents of a pupil who is not very ill."""
    if felt >= par.school_severity or not term(clock.calendar):
        return 0.0
    return par.school_named if lasting(clock, person.id, AT_SCHOOL) < home.schooled else 0.0


def settle(terms, billed):
    """The clinics of the schools are paid month by month."""
    market = billed.market
    cost = rounded(np.array([terms.schools * terms.per_school * market.scale]))
    yield Transfer(terms.paid_by, "administration", "school_doctors", instalment(cost, market.calendar))
