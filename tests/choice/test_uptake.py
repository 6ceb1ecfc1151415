"""Who comes to follow-up for points."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.choice.uptake import share_drawn
from simulator.core import behaviour

PAR = behaviour.row()[0]


def test_signs():
    """More for more points, with literacy, after a complication; less for a longer way."""
    drawn = [share_drawn(yuan, 0.0, 0.0, 15.0, PAR) for yuan in (5.0, 20.0, 60.0)]
    assert drawn == sorted(drawn)
    usual = share_drawn(20.0, 0.0, 0.0, 15.0, PAR)
    assert share_drawn(20.0, 1.0, 0.0, 15.0, PAR) > usual > share_drawn(20.0, -1.0, 0.0, 15.0, PAR)
    assert share_drawn(20.0, 0.0, 1.0, 15.0, PAR) > usual > share_drawn(20.0, 0.0, 0.0, 60.0, PAR)


@given(yuan=st.floats(0, 500), literacy=st.floats(-4, 4), felt=st.sampled_from([0.0, 1.0]), minutes=st.floats(0, 600))
def test_a_share_and_nobody_without_points(yuan, literacy, felt, minutes):
    assert 0.0 <= share_drawn(yuan, literacy, felt, minutes, PAR) <= 1.0
    assert share_drawn(0.0, literacy, felt, minutes, PAR) == 0.0
