"""Preventive visits (体检与疫苗接种): a check-up with the vaccinations due, once a year in the person's month.

Who is of the age comes to the home centre with chance

    σ(`prevent` + `uptake_literacy` · literacy − `uptake_travel` · way / 30 minutes − `prevent_money` · net price),
    net price = price − what points pay of it − points that the visit earns,

and `prevent_finds` of hypertension and diabetes that nobody knew of are found; what is found is then treated and
managed as any other. Health points pay up to a share of the price, as far as the family has any; the government pays
the centre for them, and what it pays for each visit. What a vaccination itself prevents is not modelled.
"""

from collections.abc import Iterator

from simulator.core.draws import purpose, uniforms
from simulator.core.fields import Block
from simulator.core.jit import compiled
from simulator.core.maths import logistic, whole
from simulator.core.messages import Text
from simulator.core.money import FEN, Transfer
from simulator.core.names import CENTRE, DIAGNOSED, UNDIAGNOSED
from simulator.core.table import Column
from simulator.core.units import Count as Number
from simulator.core.units import Money
from simulator.declare.counts import Count
from simulator.declare.indicator import Figure, Indicator
from simulator.declare.use import Use
from simulator.population.ageing import birthday
from simulator.services.service import Service

VISIT = purpose("preventive_visits")
MONTHS = 12


class PreventiveVisits(Block):
    """Terms of preventive visits."""

    from_age: Number = 65
    """Age from which people are invited, years."""
    price: Money = 0
    """What a visit costs who comes."""
    fee: Money = 0
    """What the government pays the centre for each beside that."""


def per_person(month) -> Iterator[Figure]:
    """Visits of a year over all persons, where there are any."""
    if (month.world.facilities["prevents_from"] < NEVER).any():
        yield Figure(float(month.events("preventive_visits").sum()), month.world.people / MONTHS)


NEVER = 1000
"""An age that nobody reaches."""
SERVICE = Service(
    source="Essential public health services (基本公共卫生服务), health of people from 65; points as in Shanghai (S13)",
    terms=PreventiveVisits,
    example="""
baseline:
  services:
    preventive_visits: {from_age: 45, price: 60 yuan, fee: 40 yuan}
    health_points: {per_contact: 10 yuan, redeem: 50%, per_prevention: 20 yuan, redeem_prevention: 100%}
""",
    facilities=(
        Column("prevents_from", "i8", "years", "age from which it invites to preventive visits", NEVER),
        Column("prevention_price", "i8", "fen", "what a preventive visit costs who comes"),
    ),
    when={"month": "person.age >= home.prevents_from"},
    events=(
        Count("preventive_visits", "check-ups with the vaccinations due, of people of this home"),
        Count("prevention_points", "health points spent on them", unit="fen"),
    ),
    counted={"month": ("preventive_visits", "prevention_points")},
    indicators=(
        Indicator(
            "preventive_visits_per_person", "rate", "–; only where they are offered",
            "check-ups with the vaccinations due", "persons of all ages / 12",
            Text("preventive visits per person-year", "年人均体检与疫苗接种次数"), per_person, better=1, events=True,
        ),
    ),
    use=(
        Use(unused=Text("nobody came to a check-up", "没有居民参加体检与接种"), events=("preventive_visits",)),
    ),
)  # fmt: skip


def enforce(facilities, terms, offers):
    """Every centre invites people of the age."""
    facilities["prevents_from"] = terms.from_age if terms else NEVER
    facilities["prevention_price"] = terms.price if terms else 0


@compiled
def comes(net, literacy, minutes, par):
    """Chance that somebody invited comes at a ``net`` price in fen."""
    lean = par.prevent + par.uptake_literacy * literacy - par.uptake_travel * minutes / 30.0
    return logistic(lean - par.prevent_money * net / FEN)


@compiled
def month(person, rare, family, home, par, clock):
    """In the person's month: whether there is a visit, and the points spent on it."""
    if not birthday(clock.calendar - 1, person.id):
        return 0, 0
    spent = min(whole(home.prevention_price * home.redeem_prevention), family.points)
    u, v, w, _ = uniforms(clock, person.id, VISIT, 0)
    net = home.prevention_price - spent - home.points_prevention
    if u >= comes(float(net), family.literacy, float(family.minutes[CENTRE]), par):
        return 0, 0
    family.points += home.points_prevention - spent
    if person.hypertension == UNDIAGNOSED and v < par.prevent_finds:
        person.hypertension = DIAGNOSED
    if person.diabetes == UNDIAGNOSED and w < par.prevent_finds:
        person.diabetes = DIAGNOSED
    return 1, spent


def settle(terms, billed):
    """Who comes pays the price less points; the government pays the centre for these, and its own fee."""
    done = billed.market.activity
    visits, points = done["preventive_visits"], done["prevention_points"]
    yield Transfer("families", "facility", "prevention_own", terms.price * visits - points)
    yield Transfer("government", "facility", "prevention_points", points)
    yield Transfer("government", "facility", "prevention_fee", terms.fee * visits)
