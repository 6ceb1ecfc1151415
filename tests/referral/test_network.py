"""Networks of every form: who is there, who refers to whom, who lives where; and what is refused."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.core.errors import UserError
from simulator.core.names import CENTRE, KINDS, SECONDARY, STATION, TERTIARY
from simulator.referral.network import Network, TierData, build, weights

TIERS = {
    "station": TierData(8, 9),
    "centre": TierData(14, 24),
    "secondary": TierData(28, 50),
    "tertiary": TierData(38, 110),
}
PREFECTURE = {
    "counties": 4, "townships": 6, "villages": 6, "centres": 12, "stations": 4, "secondary": 4, "tertiary": 3,
    "private": 0.2,
}  # fmt: skip
LIST = {
    "big": {"tier": "tertiary"},
    "zone": {"tier": "secondary"},
    "east": {"tier": "centre"},
    "west": {"tier": "centre"},
    "clinic": {"tier": "station", "under": "east", "kind": "private"},
    "shop": {"tier": "station", "under": "east"},
}


def of_list(facilities=LIST, links=None) -> Network:
    return build("list", {}, facilities, links, TIERS)


def lawful(network: Network) -> None:
    """What holds in every network."""
    graph, table, names = network.graph, network.table(), network.names
    assert [graph.nodes[name]["row"] for name in names] == list(range(len(names)))
    assert nx.is_directed_acyclic_graph(graph.edge_subgraph(network.edges("refers_up")))
    tier = table["tier"]
    stations, primary = tier == STATION, (tier == STATION) | (tier == CENTRE)
    assert (tier[table["centre"][stations]] == CENTRE).all()
    assert (table["centre"][tier == CENTRE] == np.flatnonzero(tier == CENTRE)).all()
    assert (table["centre"][~primary] == -1).all()
    for column, level in (("up_secondary", SECONDARY), ("up_tertiary", TERTIARY), ("next_centre", CENTRE)):
        there = table[column][table[column] >= 0]
        assert (tier[there] == level).all()
    if (tier == TERTIARY).any():
        assert (table["up_tertiary"][primary] >= 0).all()
    asked = np.flatnonzero(table["next_centre"] >= 0)
    assert (table["next_centre"][asked] != asked).all()
    assert (table["area"][table["next_centre"][asked]] == table["area"][asked]).all()
    pool = table["slot_pool"]
    assert (pool[pool] == pool).all()
    assert (pool[~stations] == np.flatnonzero(~stations)).all()
    assert (tier[pool] == tier).all()
    for a, b in network.edges("refers_up"):
        if graph.nodes[a]["tier"] != "station":
            assert "refers_down" in graph.edges[b, a]["kinds"]
    homes = network.communities()
    assert homes.weight.sum() == pytest.approx(1)
    assert set(homes.station[homes.station >= 0]) == set(np.flatnonzero(stations))


def test_prefecture():
    network = build("prefecture", PREFECTURE, None, None, TIERS)
    lawful(network)
    table = network.table()
    assert np.bincount(table["tier"]).tolist() == [48 + 144, 12 + 24, 4 + 4, 3]
    assert network.areas == ("city", "county_1", "county_2", "county_3", "county_4")
    for name in ("tertiary_3", "city_secondary_4", "county_4", "centre_36", "station_192"):
        assert network.row(name) >= 0
    private = table["kind"] == KINDS.index("private")
    assert private.sum() == 38
    assert (table["tier"][private] == STATION).all()
    assert np.bincount(table["centre"][private]).max() <= 2
    # Countryside refers to its own county hospital, the city in turn; tertiary hospitals are shared evenly.
    station = table[network.row("station_192")]
    assert station["up_secondary"] == network.row("county_4")
    assert not station["urban"]
    assert table["urban"][network.row("county_4")]
    centres = table["tier"] == CENTRE
    assert np.unique(table["up_secondary"][centres], return_counts=True)[1].tolist() == [3] * 4 + [6] * 4
    assert np.unique(table["up_tertiary"][centres], return_counts=True)[1].tolist() == [12] * 3
    # The stations of a centre draw on the slots of the first.
    mine = np.flatnonzero(table["centre"] == network.row("centre_2"))[1:]
    assert (table["slot_pool"][mine] == network.row("station_5")).all()


def test_communities_of_a_prefecture():
    network = build("prefecture", PREFECTURE, None, None, TIERS)
    homes = network.communities(0.6389)
    assert len(homes) == 192
    assert homes.weight[homes.urban == 1].sum() == pytest.approx(0.6389)
    assert np.ptp(homes.weight[homes.urban == 1]) < 1e-12
    assert homes.minutes[homes.urban == 1][0].tolist() == [8, 14, 28, 38]
    assert homes.minutes[homes.urban == 0][0].tolist() == [9, 24, 50, 110]


def test_county():
    network = build("county", {"townships": 14, "villages_per_township": 9, "tertiary_outside": 1}, None, None, TIERS)
    lawful(network)
    table = network.table()
    assert np.bincount(table["tier"]).tolist() == [126, 14, 1, 1]
    assert network.areas == ("outside", "county_1")
    assert (table["up_secondary"][table["tier"] <= CENTRE] == network.row("county_1")).all()
    homes = network.communities(0.4)
    assert homes.urban.sum() == 9  # the county town
    assert homes.weight[homes.urban == 1].sum() == pytest.approx(0.4)


def test_city_with_an_internet_hospital():
    extra = {"internet_hospital": {"tier": "online", "kind": "internet"}}
    network = build(
        "city", {"tertiary": 2, "secondary": 5, "centres": 18, "stations_per_centre": 4}, extra, None, TIERS
    )
    lawful(network)
    table = network.table()
    assert np.bincount(table["tier"]).tolist() == [72, 18, 5, 2, 1]
    assert table["slot_pool"][-1] == len(table) - 1
    assert network.communities(0.3).weight.sum() == pytest.approx(1)  # a city has no countryside to give 70 % to


def test_internet_hospitals_serve_areas_in_turn():
    settings = {"counties": 2, "townships": 2, "secondary": 0}
    settings |= dict.fromkeys(("villages", "centres", "stations", "tertiary"), 1)
    extra = {
        "everybody": {"tier": "online"},
        "near": {"tier": "online", "serves": ("county_1",), "delivery": {"fee": 800, "days": 2.0}},
    }
    network = build("prefecture", settings, extra, None, TIERS)
    lawful(network)
    table, homes = network.table(), network.communities()
    assert table["kind"][-2:].tolist() == [KINDS.index("internet")] * 2
    assert table["delivers"].tolist()[-2:] == [0, 1]
    assert (table["delivery_fee"][-1], table["delivery_days"][-1]) == (800, 2)
    every, near_by = network.row("everybody"), network.row("near")
    areas = table["area"][homes.home]
    turns = {network.areas[code]: homes.online[areas == code].tolist() for code in set(areas.tolist())}
    assert turns == {"city": [every], "county_1": [every, near_by], "county_2": [every, every]}


def test_an_internet_hospital_serves_areas_that_there_are():
    web = {"web": {"tier": "online", "serves": ("county_2",)}}
    with pytest.raises(UserError) as refused:
        build("county", {"townships": 1, "villages": 1}, web, None, TIERS)
    assert refused.value.path == "facilities.web.serves"


def test_list():
    network = of_list()
    lawful(network)
    table = network.table()
    assert network.names == tuple(LIST)
    assert table["slot_pool"].tolist() == [0, 1, 2, 3, 4, 4]
    assert table["next_centre"].tolist() == [-1, -1, 3, 2, -1, -1]
    homes = network.communities()
    assert homes.station.tolist() == [-1, 4, 5]
    assert homes.centre.tolist() == [3, 2, 2]


def test_groups_of_facilities_are_dealt_in_blocks():
    facilities = {
        "big": {"tier": "tertiary"},
        "children": {"tier": "tertiary", "kind": "maternal_and_child"},
        "zone": {"tier": "secondary"},
        "centres": {"tier": "centre", "count": 7},
        "stations": {"tier": "station", "count": 28, "under": "centres", "people": 3},
    }
    links = [{"from": "centres", "to": "children", "kind": "refers"}]
    network = of_list(facilities, links)
    lawful(network)
    table = network.table()
    assert table["centre"][network.row("station_5")] == network.row("centre_2")
    assert (np.bincount(table["centre"][table["tier"] == STATION])[network.row("centre_1") :] == 4).all()
    assert (table["up_tertiary"][table["tier"] <= CENTRE] == network.row("children")).all()
    assert table["up_tertiary"][network.row("zone")] == network.row("big")
    assert network.graph.edges["children", "centre_7"]["kinds"] == {"refers_down"}


def test_links_and_their_minutes():
    links = [
        {"from": "east", "to": "big", "kind": "refers_up", "minutes": 70},
        {"from": "clinic", "to": "big", "kind": "refers_up", "minutes": 60},
        {"from": "big", "to": "west", "kind": "refers_down"},
        {"from": "clinic", "to": "shop", "kind": "shares_slots"},
    ]
    network = of_list(links=links)
    lawful(network)
    homes, table = network.communities(), network.table()
    minutes = dict(zip(homes.station.tolist(), homes.minutes[:, 3].tolist(), strict=True))
    assert minutes == {-1: 38, network.row("clinic"): 60, network.row("shop"): 70}
    assert table["slot_pool"][network.row("clinic")] == table["slot_pool"][network.row("shop")] == network.row("shop")


def test_hospitals_of_special_kinds_are_not_the_usual_way_up():
    extra = {"mothers": {"tier": "secondary", "kind": "maternal_and_child", "area": "county_1"}}
    network = build("prefecture", PREFECTURE, extra, None, TIERS)
    lawful(network)
    assert network.row("mothers") not in network.table()["up_secondary"]


@given(
    st.fixed_dictionaries(
        {
            "counties": st.integers(0, 3),
            "townships": st.integers(1, 4),
            "villages": st.integers(1, 4),
            "centres": st.integers(1, 5),
            "stations": st.integers(1, 4),
            "secondary": st.integers(0, 3),
            "tertiary": st.integers(0, 3),
            "private": st.floats(0, 1),
        }
    )
)
@settings(max_examples=40, deadline=None)
def test_laws_of_any_prefecture(counts):
    lawful(build("prefecture", counts, None, None, TIERS))


@pytest.mark.parametrize("as_frame", [True, False])
def test_real_flows_come_back_as_weights(as_frame):
    network = of_list()
    flows = {
        "from": ["clinic", network.row("clinic"), "east", "big", "big"],
        "to": ["big", network.row("big"), "zone", "east", -1],
        "stage": ["up", "up", "up", "moved", "fit"],
        "count": [3, 4, 5, 1, 9],
    }
    graph = weights(network, pd.DataFrame(flows) if as_frame else flows)
    assert graph.edges["clinic", "big"]["flow"] == {"up": 7}
    assert graph.edges["clinic", "big"]["kinds"] == frozenset()
    assert graph.edges["east", "zone"]["flow"] == {"up": 5}
    assert graph.edges["big", "east"]["flow"] == {"moved": 1}
    assert graph.nodes["big"]["flow"] == {"fit": 9}
    assert graph.edges["west", "zone"]["flow"] == {}
    assert not network.graph.has_edge("clinic", "big")
    assert "flow" not in network.graph.edges["east", "zone"]


@pytest.mark.parametrize(
    ("facilities", "links", "words"),
    [
        ({}, [], "no facility"),
        ({"a": {"tier": "secondry"}}, [], r"not a tier.*did you mean `secondary`"),
        ({"a": {"tier": "centre", "kind": "privat"}}, [], r"did you mean `private`"),
        ({"a": {"tier": "centre", "beds": 3}}, [], r"unknown key `beds`"),
        ({"a": {"tier": "station"}}, [], r"`a` has no centre"),
        ({"east": {"tier": "centre"}, "a": {"tier": "station", "under": "eest"}}, [], r"did you mean `east`"),
        ({"a": {"tier": "tertiary"}, "b": {"tier": "centre", "under": "a"}}, [], r"no centre `a`"),
        ({"centres": {"tier": "centre", "count": 0}}, [], "at least 1"),
        ({"centres": {"tier": "centre", "count": 2}, "centre_2": {"tier": "centre"}}, [], r"two .* called `centre_2`"),
        ({"a": {"tier": "centre", "people": 0}}, [], "above zero"),
        (LIST, [{"from": "east", "to": "zoon", "kind": "refers"}], r"`zoon`.*did you mean `zone`"),
        (LIST, [{"from": "east", "to": "zone", "kind": "refer"}], r"did you mean `refers`"),
        (LIST, [{"from": "east", "to": "zone"}], "lacks `kind`"),
        (LIST, [{"from": "east", "to": "zone", "kind": "refers", "minute": 3}], r"did you mean `minutes`"),
        (LIST, [{"from": "zone", "to": "east", "kind": "refers_up"}], "cannot refer up"),
        (LIST, [{"from": "east", "to": "zone", "kind": "refers_down"}], "cannot refer down"),
        (LIST, [{"from": "east", "to": "shop", "kind": "shares_slots"}], "two facilities of one tier"),
        (
            LIST,
            [
                {"from": "clinic", "to": "shop", "kind": "shares_slots"},
                {"from": "shop", "to": "clinic", "kind": "shares_slots"},
            ],
            "clinic, shop share slots in a circle",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(facilities, links, words):
    with pytest.raises(UserError, match=words):
        of_list(facilities, links)


@pytest.mark.parametrize(
    ("form", "counts", "words"),
    [
        ("prefectur", PREFECTURE, "did you mean `prefecture`"),
        ("prefecture", {**PREFECTURE, "vilages": 2}, "did you mean `villages`"),
        ("prefecture", {**PREFECTURE, "centres": 0}, "at least 1"),
        ("prefecture", {**PREFECTURE, "centres": 2.5}, "`2.5`"),
        ("prefecture", {**PREFECTURE, "private": 20}, "`20` is not a share"),
        ("county", {"townships": 3}, "needs `villages`"),
    ],
)
def test_settings_of_a_form(form, counts, words):
    with pytest.raises(UserError, match=words):
        build(form, counts, None, None, TIERS)


def test_nobody_lives_in_a_network_of_hospitals():
    with pytest.raises(UserError, match="neither station nor centre"):
        of_list({"big": {"tier": "tertiary"}}).communities()
