"""What NumPy only warns of ends a run: a figure that is no number is never carried on."""

import numpy as np
import pytest
from fake_model import FakeSystem, Scenario

from simulator.study.run import RunFailed, run


def failing(compute):
    class Failing(FakeSystem):
        def step(self):
            super().step()
            compute()

    return Failing


@pytest.mark.parametrize(
    ("compute", "why"),
    [
        (lambda: np.log(np.zeros(3)), "no number: divide by zero"),
        (lambda: np.zeros(2) / np.zeros(2), "no number: invalid value"),
        (lambda: np.exp(np.array([1e4])), "no number: overflow"),
        (lambda: np.array([np.nan]).astype(np.int64), "no number: invalid value"),
        (lambda: np.mean(np.array([])), "Mean of empty slice"),
    ],
)
def test_a_figure_that_is_no_number_ends_the_run(compute, why, tmp_path):
    with pytest.raises(RunFailed, match=why):
        run(Scenario(), model=failing(compute), out=tmp_path / "out", workers=1)


def test_what_the_user_computes_outside_a_run_is_his_own(tmp_path):
    run(Scenario(), model=FakeSystem, out=tmp_path / "out", workers=1)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(np.zeros(3))
