"""The section `network`: its forms, and facilities and links by name."""

from typing import Annotated, Literal

from pydantic import Field

from simulator.core.fields import Block, Both, Name, Names, Tier, one_of
from simulator.core.names import KINDS
from simulator.core.units import Count, Days, Minutes, Money, Positive, Share
from simulator.referral.wiring import WRITTEN

MOST = 50_000
"""Facilities of a network."""
Some = Annotated[Count, Field(le=MOST)]
"""So many facilities."""


class Delivery(Block):
    """Medicines that an internet hospital prescribes are brought to the family (药品配送)."""

    fee: Money = 0
    """What the family pays for it, whoever pays for the medicines, fen."""
    days: Days = 0
    """Days until the medicines are there."""


class Named(Block):
    """A facility by name, or several alike, beside the generated ones."""

    tier: Tier
    """Tier."""
    kind: one_of(*KINDS) | None = None
    """Kind; general if left out."""
    area: Name | None = None
    """County or city it lies in; the city if left out."""
    urban: bool | None = None
    """Whether it lies in the city or a county town; by area and tier if left out."""
    under: str | None = None
    """For a station: its centre, or a name that stands for several centres."""
    people: Annotated[Positive, Field(le=10_000)] | None = None
    """People of its community against the usual number."""
    count: Annotated[Count, Field(ge=1, le=MOST)] | None = None
    """So many of them: `centres` with 7 stands for centre_1 to centre_7."""
    serves: Names | None = None
    """For an internet hospital: areas whose people can turn to it; all if left out."""
    delivery: Delivery | None = None
    """For an internet hospital: how medicines come to the family, which fetches them nearby if left out."""


class Link(Block):
    """A tie between two facilities, or between two names that stand for several."""

    from_: str = Field(alias="from")
    """Where it starts."""
    to: str
    """Where it leads."""
    kind: one_of(*WRITTEN)
    """What passes along it; `refers` is up the one way and down the other."""
    minutes: Minutes | None = None
    """Way between the two."""


class Titles(Block):
    """Names in tables and figures, in place of a word and a number."""

    facilities: dict[str, Both] = {}
    """Of facilities, by their names."""
    areas: dict[str, Both] = {}
    """Of areas, by their names."""


class Network(Block):
    """Facilities and their ties; the form generates them, any form can add named ones."""

    facilities: dict[str, Named] = {}
    """Facilities by name; `table` names a CSV file with a row for each, beside which single ones can be changed."""
    links: tuple[Link, ...] = ()
    """Further links, or `table: FILE.csv`, with the columns from, to, kind and minutes."""
    titles: Titles = Titles()
    """What facilities and areas are called in reports."""

    @property
    def size(self) -> int:
        """Facilities in all."""
        return self.generated + sum(named.count or 1 for named in self.facilities.values())

    @property
    def generated(self) -> int:
        """Facilities that the form generates."""
        return 0


class Prefecture(Network):
    """A city with its counties."""

    form: Literal["prefecture"]
    """How the facilities are laid out."""
    counties: Some
    """Counties, each with one county hospital."""
    townships: Some
    """Townships per county, each with a centre."""
    villages: Some
    """Stations per township, one or more: families live at one."""
    centres: Some
    """Community centres of the city."""
    stations: Some
    """Stations per community centre, one or more: families live at one."""
    secondary: Some
    """Secondary hospitals of the city."""
    tertiary: Some
    """Tertiary hospitals."""
    private: Share = 0.0
    """Share of stations that are private clinics."""

    @property
    def generated(self) -> int:
        """Facilities that the form generates."""
        return (
            self.counties * (1 + self.townships * (1 + self.villages))
            + self.centres * (1 + self.stations)
            + self.secondary
            + self.tertiary
        )


class County(Network):
    """A county with its hospital, townships and villages."""

    form: Literal["county"]
    """How the facilities are laid out."""
    townships: Some
    """Townships, each with a centre."""
    villages: Some
    """Stations per township, one or more: families live at one."""
    tertiary_outside: Some = 1
    """Tertiary hospitals outside the county."""
    private: Share = 0.0
    """Share of stations that are private clinics."""

    @property
    def generated(self) -> int:
        """Facilities that the form generates."""
        return 1 + self.townships * (1 + self.villages) + self.tertiary_outside


class City(Network):
    """A city without its counties."""

    form: Literal["city"]
    """How the facilities are laid out."""
    centres: Some
    """Community centres."""
    stations: Some
    """Stations per community centre, one or more: families live at one."""
    secondary: Some
    """Secondary hospitals."""
    tertiary: Some
    """Tertiary hospitals."""
    private: Share = 0.0
    """Share of stations that are private clinics."""

    @property
    def generated(self) -> int:
        """Facilities that the form generates."""
        return self.centres * (1 + self.stations) + self.secondary + self.tertiary


class SeveralCities(Network):
    """Several cities alike, each an area of its own; people of one may be treated in another."""

    form: Literal["region"]
    """How the facilities are laid out."""
    cities: Annotated[Some, Field(ge=1)]
    """Cities; their areas are city_1, city_2, …"""
    tertiary: Some
    """Tertiary hospitals of each city: city_1_tertiary_1, …"""
    secondary: Some
    """Secondary hospitals of each city: city_1_secondary_1, …"""
    centres: Some
    """Community centres of each city, numbered through all of them."""
    stations: Some
    """Stations per community centre, one or more: families live at one."""
    private: Share = 0.0
    """Share of stations that are private clinics."""

    @property
    def generated(self) -> int:
        """Facilities that the form generates."""
        return self.cities * (self.tertiary + self.secondary + self.centres * (1 + self.stations))


class Listed(Network):
    """Nothing but the named facilities and links, which may lie in files beside the scenario.

    `graph: FILE.graphml` names a GraphML graph: its nodes are facilities, by `name`, `label` or id, its edges links
    (`refers`, from the lower to the upper place, where they say no `kind`); attributes are the words of the tables
    below.
    """

    form: Literal["list"]
    """How the facilities are laid out."""


AnyNetwork = Annotated[Prefecture | County | City | SeveralCities | Listed, Field(discriminator="form")]
"""A network of any form."""
