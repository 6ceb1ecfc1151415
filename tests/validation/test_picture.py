"""The picture of sizes: each prediction in parts of what was measured."""

import math
from pathlib import Path

import pytest

from simulator.validation.picture import FROM, draw, of_measured, write_picture

ROW = {
    "id": "drg_city_rdd", "measure": "charge", "kind": "size", "used_before": "no", "published": "-0.2",
    "published_low": "-0.3", "published_high": "", "simulated": "-0.1", "low": "-0.15", "high": "0.5",
    "direction": "falls", "change": "relative", "sign_agrees": "no", "inside": "no", "overlap": "no", "foreign": "no",
}  # fmt: skip
OTHER = ROW | {"used_before": "yes", "published_low": "", "low": "", "simulated": "-0.2"}


def test_sizes_are_parts_of_what_was_measured():
    """Half of it, three quarters at most, and two and a half times the opposite; those that shaped a form come last."""
    table = of_measured([OTHER, ROW | {"kind": "sign"}, ROW])
    assert table["used_before"].tolist() == [False, True]
    first, second = (table.iloc[k] for k in (0, 1))
    assert (first["simulated"], first["low"], first["high"]) == pytest.approx((0.5, 0.75, -2.5))
    assert first["published_low"] == pytest.approx(1.5)
    assert second["simulated"] == pytest.approx(1.0)
    assert math.isnan(first["published_high"])
    assert math.isnan(second["low"])


def test_it_is_drawn_with_its_intervals_cut_off_at_the_edge(tmp_path: Path):
    (axes,) = draw(of_measured([ROW])).axes
    spans = [path.vertices[:, 0].tolist() for each in axes.collections for path in each.get_paths()]
    assert [FROM, 0.75] in [pytest.approx(span) for span in spans]
    assert axes.get_yticklabels()[0].get_text().startswith("DRG in one city")
    files = [file.name for file in write_picture([ROW], tmp_path, ["en"])]
    assert files == ["sizes.en.svg", "sizes.en.png"]
    assert list(write_picture([ROW | {"kind": "sign"}], tmp_path, ["en"])) == []
