"""Networks in files beside a scenario: CSV tables and GraphML say what the file itself would say, bit for bit."""

from pathlib import Path

import networkx as nx
import pytest

from simulator.core.errors import UserError
from simulator.model import HealthSystem
from simulator.scenario import load
from simulator.scenario.language.strict_yaml import written
from simulator.scenario.resolve.facilities import network_of

HEAD = "format: 1\nextends: base.yaml\ntitle: {en: A, zh: 甲}\ndescription: {en: A, zh: 甲}\n"
FACILITIES = """name,tier,kind,urban,under,people
general,tertiary,,,,
zone,secondary,,,,
# the zone's centres
东区,centre,,true,,
west,centre,,,,
clinic,station,private,,东区,0.5
shop,station,,false,west,
"""
LINKS = "from,to,kind,minutes\n东区,general,refers,12\nwest,zone,refers,\n"
WRITTEN = """network:
  form: list
  facilities:
    general: {tier: tertiary}
    zone: {tier: secondary}
    东区: {tier: centre, urban: true}
    west: {tier: centre}
    clinic: {tier: station, kind: private, under: 东区, people: 0.5}
    shop: {tier: station, urban: false, under: west}
  links:
    - {from: 东区, to: general, kind: refers, minutes: 12 minutes}
    - {from: west, to: zone, kind: refers}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "facilities.csv").write_text(FACILITIES, encoding="utf-8")
    (tmp_path / "links.csv").write_text(LINKS, encoding="utf-8")
    (tmp_path / "written.yaml").write_text(HEAD + WRITTEN, encoding="utf-8")
    tables = "network: {form: list, facilities: {table: facilities.csv}, links: {table: links.csv}}\n"
    (tmp_path / "tables.yaml").write_text(HEAD + tables, encoding="utf-8")
    (tmp_path / "graph.yaml").write_text(HEAD + "network: {form: list, graph: city.graphml}\n", encoding="utf-8")
    draw(tmp_path / "city.graphml", load(tmp_path / "written.yaml").network)
    return tmp_path


def draw(file: Path, network, **as_drawn) -> None:
    graph = nx.DiGraph()
    for i, (name, each) in enumerate(network.facilities.items()):
        graph.add_node(f"n{i}", name=name, x=float(i), **each.model_dump(exclude_none=True))
    ids = {name: f"n{i}" for i, name in enumerate(network.facilities)}
    for link in network.links:
        said = {} if link.minutes is None else {"minutes": link.minutes}
        graph.add_edge(ids[link.from_], ids[link.to], kind=link.kind, **said)
    nx.write_graphml(graph.to_undirected() if as_drawn.get("undirected") else graph, file)


@pytest.mark.parametrize("other", ["tables.yaml", "graph.yaml"])
def test_a_file_says_what_the_scenario_would(folder: Path, other: str) -> None:
    here, there = load(folder / "written.yaml").network, load(folder / other).network
    assert there == here
    assert list(there.facilities) == list(here.facilities)


def test_a_run_of_a_graph_is_that_of_the_written_network(folder: Path) -> None:
    small = {"changes": ("time.warm_up=1 months",), "families": 40, "months": 1}
    digests = {HealthSystem(load(folder / f, **small)).run().digest() for f in ("written.yaml", "graph.yaml")}
    assert len(digests) == 1


def test_an_edge_without_direction_leads_up(folder: Path) -> None:
    draw(folder / "city.graphml", load(folder / "written.yaml").network, undirected=True)
    links = load(folder / "graph.yaml").network.links
    assert {(link.from_, link.to) for link in links} == {("东区", "general"), ("west", "zone")}


def test_single_rows_can_be_changed_beside_the_table_and_a_child_may_name_another(folder: Path) -> None:
    extra = "network: {form: list, facilities: {table: facilities.csv, west: {people: 3}}, links: {table: links.csv}}\n"
    (folder / "more.yaml").write_text(HEAD + extra, encoding="utf-8")
    facilities = load(folder / "more.yaml").network.facilities
    assert facilities["west"].people == 3
    assert len(facilities) == 6
    (folder / "few.csv").write_text("name,tier\nhospital,tertiary\nonly,centre\n", encoding="utf-8")
    child = HEAD.replace("base.yaml", "more.yaml") + "network: {facilities: {table: few.csv}, links: []}\n"
    (folder / "child.yaml").write_text(child, encoding="utf-8")
    assert list(load(folder / "child.yaml").network.facilities) == ["hospital", "only"]


def test_a_resolved_scenario_stands_on_its_own(folder: Path, tmp_path_factory) -> None:
    scenario = load(folder / "graph.yaml")
    alone = tmp_path_factory.mktemp("alone") / "graph.yaml"
    alone.write_text(written(scenario.resolved()), encoding="utf-8")
    assert load(alone).network == scenario.network


def test_what_a_table_says_wrongly_is_told_at_its_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("links.csv").write_text("from,to,kind\ngeneral,west,refers\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"^links.csv:2:1: network.links.0: `general` cannot refer up to `west`"):
        network_of(load("tables.yaml"))
    Path("facilities.csv").write_text(FACILITIES.replace("false,west", "false,wst"), encoding="utf-8")
    with pytest.raises(UserError, match=r"^facilities.csv:8:1: network.facilities.shop: .*did you mean `west`"):
        network_of(load("tables.yaml"))


def test_a_region_keeps_its_people_in_their_city_unless_it_has_no_hospital_there() -> None:
    change = "network={form: region, cities: 3, tertiary: 1, secondary: 2, centres: 4, stations: 2}"
    network = network_of(load("base", (change,)))
    assert network.areas == ("city_1", "city_2", "city_3")
    table = network.table()
    for column in ("up_secondary", "up_tertiary"):
        assert (table["area"][table[column][table["tier"] < 2]] == table["area"][table["tier"] < 2]).all()
    outside = "network.facilities={metropolis: {tier: tertiary, area: metropolis}}"
    lacking = change.replace("tertiary: 1", "tertiary: 0")
    network = network_of(load("base", (lacking, outside)))
    assert network.areas[-1] == "metropolis"
    table = network.table()
    assert (table["up_tertiary"][table["tier"] < 2] == network.row("metropolis")).all()
