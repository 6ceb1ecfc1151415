"""What a file of ``kinds/`` holds: one service, something that is done besides treating and paying.

A file gives ``SERVICE``, its declaration, and functions by the names of the places at which it acts. Each of these is
optional, and where no service acts nothing is called. Compiled, for one person, episode or facility, as
`services.places` says of each with its arguments: ``month``, ``reach``, ``contact``, ``newborn``, ``usual_source``,
``advice``, ``instead``, ``diagnosis``, ``before_referral``, ``linked``, ``sooner``, ``declined``, ``repeats``,
``handed_over``, ``continuous``. In NumPy:

- ``enforce(facilities, terms, offers)``: write its columns of facilities when rules come into force; ``terms`` are None
  where it is off, ``offers`` the settlements with the facilities in scope, as a rule of payment may be what offers it;
- ``spread(facilities, terms, residents, par)``: what a number of places or events comes to among the people who live
  there (`Residents`), when rules come into force;
- ``cover(rows, terms, care, tier)``: change rows of the cover table of one plan, setting and tier;
- ``value(year, before)``: write into a column of persons, or of what few rules keep of them, what it is expected to be
  worth to them (`Year`); what it returns is given back as ``before`` in the next month;
- ``believe(beliefs, terms)``: what providers expect it to cost or bring them, columns of the table of beliefs;
- ``presence(facilities, par)``: how far families see specialists at each place, 0 to 1 (F,);
- ``informs(facilities, par)``: share of what families underrate primary care by that it takes away, 0 to 1 (F,);
- ``slots(facilities, par)``: clinic slots that it adds or takes this month, int64 (F,);
- ``lift(facilities, par)``: what it adds to the capability that each place moves toward (F,);
- ``opens(facilities)``: share of cases that nobody looked at otherwise whose records it lays open, 0 to 1; terms that
  can make use of that have ``seeing(share)``, which gives what they are then;
- ``hastens(terms)``: months by which later reforms come into force sooner than they are dated;
- ``settle(terms, billed)``: transfers (`core.money.Transfer`) after a month, once its bills are paid: what it costs,
  and whom (`Billed`).

Terms are what a scenario says of it under ``services: NAME``; those of a service that some facilities have and others
have not are `services.where.Placed`, and `Service.where` names the column that says which. A service that a rule of
payment offers, or that providers do when they are paid for it, has none. Its parameters are the section of its name in
the set of behavioural parameters. `services.services` finds the files; nothing else names a service, but for whoever
uses what it brings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.declare.counts import Count
from simulator.declare.indicator import Indicator
from simulator.declare.use import Use

SETTINGS = 2
"""Settings that cover tells apart: outpatient, and inpatient with its continuation."""
TREATS = 3
"""What a case group treats: neither chronic disease, hypertension, diabetes."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The declaration of a service."""

    source: str
    """Where it is described."""
    terms: Any = None
    """Type of its terms in the scenario language: a model, or a single value; None: it has none."""
    example: str = ""
    """A file that uses it, as YAML below its title; a service with terms has one."""
    off: Any = None
    """Its terms where a scenario says nothing of it."""
    facilities: tuple[Column, ...] = ()
    """Columns that it adds to the table of facilities; its defaults, like those below, mean that it is off."""
    where: str = ""
    """Of these the column, 0 or 1, of the facilities that its terms are for; it is written before ``enforce``."""
    families: tuple[Column, ...] = ()
    """Columns that it adds to the table of families."""
    persons: tuple[Column, ...] = ()
    """Columns that it adds to persons: flags, of kind ``i1``, to their own table, others to that of what few rules keep
    of a person, which ``month`` and ``newborn`` get as ``rare``; these begin at zero, and zero is not written where it
    stands already, so that a service that is off costs no memory."""
    episodes: tuple[Column, ...] = ()
    """Columns that it adds to the table of episodes."""
    when: Mapping[str, str] = field(default_factory=dict)
    """Condition under which each of its compiled functions is called, in the arguments of the place; so one that is off
    costs one look at a column."""
    events: tuple[Count, ...] = ()
    """What it counts by facility."""
    counted: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Event of which a compiled function returns the number, where it is not counted off rows; several, if it returns
    as many."""
    activity: Mapping[str, str] = field(default_factory=dict)
    """What settlements may pay a month for beside events: its name, and the column of facilities that holds it."""
    census: tuple[str, ...] = ()
    """Columns of persons, 0 or 1, of which the census counts the ones by plan."""
    indicators: tuple[Indicator, ...] = ()
    """Its indicators."""
    use: tuple[Use, ...] = ()
    """How it shows that somebody used it; left out, without ``beforehand`` too: that any of its events happened."""
    beforehand: tuple[str, ...] = ()
    """Conditions of `scenario/resolve/sense.yaml` under which nobody can use it, where no result would show it."""


class Found(NamedTuple):
    """A service as its file has it."""

    name: str
    service: Service
    about: str
    does: dict[str, Callable]
    """Its functions by the places at which they act."""

    @property
    def head(self) -> str:
        """The first sentence of its file."""
        return " ".join(self.about.partition("\n\n")[0].split())

    @property
    def use(self) -> tuple[Use, ...]:
        """How it shows that somebody used it: as it says, or by its events."""
        service = self.service
        if service.use or service.beforehand or not service.events:
            return service.use
        return (Use(unused=self.never, events=tuple(count.name for count in service.events)),)

    @property
    def never(self) -> Text:
        """That nobody used it, by the term that its file begins with."""
        term, _, rest = self.head.partition(" (")
        return Text(f"{term[0].lower()}{term[1:]}: never used", f"{rest.partition(')')[0]}：从未使用")


class Expected(NamedTuple):
    """What is expected of a year, of N persons in classes of risk."""

    charges: np.ndarray
    """Charges inside the catalogue, fen, int64 (N,)."""
    shares: np.ndarray
    """Parts of them by what is treated, setting and tier; of each class they sum to one (CLASSES, 3, 2, 5)."""
    bills: np.ndarray
    """Bills for each fen of them, likewise (CLASSES, 3, 2, 5)."""
    referred: np.ndarray
    """Share of a tier's patients who come referred (5,)."""


class Residents(NamedTuple):
    """Who lives in the place, as far as services ask."""

    by_age: np.ndarray
    """Real people by age (101,)."""
    employed: float
    """Real people of working age in plans that come with a job."""
    job_plans: int
    """These plans, a bit for each code."""


class Year(NamedTuple):
    """What a service may read to work out what it is worth to people."""

    families: np.ndarray
    persons: np.ndarray
    rare: np.ndarray
    """What few rules keep of each person."""
    facilities: np.ndarray
    cover: Any
    """The cover in force (`benefit.cover.Cover`)."""
    calendar: int
    """Month of the year, 1 to 12."""
    expect: Callable[[], Expected]
    """What is expected of the year, worked out when it is asked."""


class Billed(NamedTuple):
    """The bills of a month as they were paid, in n cells of the books."""

    market: Any
    """What was done where (`payment.market.Market`), of these cells."""
    counts: np.ndarray
    """What was billed in each, int64 (n, BOOKS)."""
    fund_pays: Callable[[np.ndarray, np.ndarray], np.ndarray]
    """What the fund pays, fen, for counts (k, BOOKS) in cells at these positions (k,), under the tariffs of the
    month."""


class Sending(NamedTuple):
    """A patient whom a primary doctor is about to send up."""

    hospital: int
    """Row of the hospital thought of first."""
    able: float
    """Capability of the doctor for the patient, 0 to 1."""
    able_there: float
    """That of the hospital."""
    cured_there: float
    """Chance of cure at the hospital."""
    gain: float
    """What the doctor believes to gain from sending, yuan."""
    care: float
    """Weight of the patient's benefit."""
    outcome: float
    """Draw of whether the visit helps."""
    draw: float
    """Draw of whether the patient is sent up."""
