"""The method on a model whose answer is known, and its parts on what can be worked out by hand."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from simulator.calibrate.design import evenly, latin_hypercube, spread_out
from simulator.calibrate.emulator import Emulators, correlated, diagnose, fit
from simulator.calibrate.implausibility import implausibility, of_levels, ranked
from simulator.calibrate.posterior import log_likelihood
from simulator.calibrate.recovery import recover
from simulator.calibrate.retained import retain
from simulator.calibrate.targets import Targets
from simulator.calibrate.waves import calibrate, first_runs, screening
from tests.calibrate.toy_model import NOISE, TRUE, Toy, levels_of, priors, problem, targets


@pytest.fixture(scope="module")
def done():
    model, told = Toy(), []
    return calibrate(problem(), model, tell=lambda what, found: told.append(what)), model, told


def test_values_and_points_are_inverse_and_priors_have_their_shapes():
    """A logarithm halfway between 0.5 and 8 is 2; a normal cut at two deviations has a spread of 0.88 × 0.25."""
    known = priors()
    points = np.array([[0.5, 0.5, 0.5], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    assert known.values(points)[:, 0] == pytest.approx([2.0, 0.5, 8.0])
    assert known.points(known.values(points)) == pytest.approx(points)
    drawn = known.draw(20_000, np.random.default_rng(1))
    assert drawn.std(axis=0) == pytest.approx(known.spread(), rel=0.02)
    assert known.spread() == pytest.approx([12**-0.5, 12**-0.5, 0.2199], rel=0.03)
    density = known.log_density(np.array([[0.5, 0.5, 0.5], [0.5, 0.5, 0.75], [0.5, 0.5, 1.01]]))
    assert density[0] - density[1] == pytest.approx(0.5)
    assert density[2] == -np.inf


def test_an_emulator_knows_a_line_and_its_own_noise():
    """Level 3 + 2x with noise 0.1: mean and noise come out, and nothing is known far away where nothing was run."""
    rng = np.random.default_rng(5)
    points = rng.random((80, 2))
    levels = 3 + 2 * points[:, 0] + rng.normal(0, 0.1, 80)
    emulator = fit(points, levels, np.array([True, False]))
    mean, variance = emulator.predict(np.array([[0.25, 0.9], [0.75, 0.1]]))
    assert mean == pytest.approx([3.5, 4.5], abs=0.06)
    assert np.sqrt(variance).max() < 0.06
    assert np.sqrt(emulator.noise) == pytest.approx(0.1, rel=0.2)
    far = emulator.predict(np.array([[6.0, 0.5]]))[1]
    assert far > 4 * variance.max()
    assert diagnose(emulator, levels).good


def test_leaving_one_out_is_what_fitting_without_it_gives():
    """The formula for run 7 against a covariance without run 7, by hand."""
    rng = np.random.default_rng(2)
    points = rng.random((20, 1))
    levels = np.sin(3 * points[:, 0]) + rng.normal(0, 0.05, 20)
    emulator = fit(points, levels, np.array([True]))
    mean, variance = emulator.left_out()
    whole = emulator._covariance(points, points) + emulator.noise_variance * np.eye(20)
    others = np.arange(20) != 7
    gain = whole[7, others] @ np.linalg.inv(whole[np.ix_(others, others)])
    scaled = (levels[others] - emulator.centre) / emulator.scale
    assert mean[7] == pytest.approx(emulator.centre + emulator.scale * gain @ scaled)
    assert variance[7] == pytest.approx(emulator.scale**2 * (whole[7, 7] - gain @ whole[others, 7]), rel=1e-3)


def test_runs_without_a_level_are_left_out():
    points = np.linspace(0, 1, 12)[:, None]
    levels = np.where(np.arange(12) == 4, np.nan, 2 * points[:, 0])
    assert fit(points, levels, np.array([True])).predict(points[[4]])[0] == pytest.approx(2 * points[4], abs=0.02)


def test_implausibility_by_hand():
    """Three off, variances 1 (emulator), 4 (figure: tolerance 4) and 4 (discrepancy 2): 3 / 3."""
    aims = targets(4.0)
    aims = type(aims)(aims.names, np.array([10.0, 0.0]), aims.tolerance, np.array([2.0, 0.0]))
    found = of_levels(np.array([[13.0, 0.0]]), np.array([[1.0, 1.0]]), aims)
    assert found.tolist() == [[1.0, 0.0]]
    assert ranked(np.array([[1.0, 5.0, 3.0]]), 1).tolist() == [5.0]
    assert ranked(np.array([[1.0, 5.0, 3.0]]), 2).tolist() == [3.0]
    assert ranked(np.array([[1.0, 5.0, 3.0]]), 9).tolist() == [1.0]


def test_what_is_retained_is_as_large_as_it_is():
    """A square of side 0.05 in the unit square is a four-hundredth, and its points lie in it evenly."""
    flat = type(priors())(("x", "y"), np.zeros(2), np.ones(2), ("uniform", "uniform"))

    def judge(points):
        return np.abs(points - 0.3).max(axis=1) / 0.025

    left = retain(judge, flat, 1.0, 800, np.random.default_rng(1))
    assert left.reached == 1.0
    assert left.share == pytest.approx(1 / 400, rel=0.3)
    assert judge(left.points).max() <= 1
    assert left.points.std(axis=0) == pytest.approx(0.05 / 12**0.5, rel=0.15)
    nowhere = retain(lambda points: 5 + points[:, 0], flat, 1.0, 200, np.random.default_rng(1))
    assert 5 <= nowhere.reached < 5.2


def test_points_that_fill_a_space():
    plan = latin_hypercube(priors(), 20, 1)
    assert (np.sort((plan * 20).astype(int), axis=0) == np.arange(20)[:, None]).all()
    clumped = np.concatenate([np.full((50, 1), 0.5), [[0.0], [1.0]]])
    assert set(spread_out(clumped, 3, np.ones(1))[1:]) == {50, 51}
    line = np.linspace(0, 1, 41)[:, None]
    order = evenly(line, np.ones(1))
    assert sorted(order) == list(range(41))
    assert line[order[0], 0] == pytest.approx(0.5)
    assert all(line[order[:n]].mean() == pytest.approx(0.5, abs=0.15) for n in range(2, 41))


def test_screening_finds_what_does_nothing():
    found = screening(problem(), *first_runs(problem(), Toy(noise=0.0)))
    assert found.active(0.05).tolist()[2] == [False, False]
    assert found.active(0.05)[:2].any(axis=1).all()
    assert found.strength[1, 1] == pytest.approx(2.0, rel=1e-6)  # b from −1 to 1 moves exp(−a/4) + b by two


def test_the_truth_is_found_and_nothing_is_said_of_what_does_nothing(done):
    found, _, told = done
    assert told == ["screened", "wave", "wave", "posterior"]
    values = priors().values(found.sets)
    middle, spread = values.mean(axis=0), values.std(axis=0)
    assert np.abs(middle[:2] - TRUE) == pytest.approx(0, abs=2 * spread[:2].max())
    assert spread[0] < 0.15
    assert found.posterior.points[:, 2].std() == pytest.approx(priors().spread()[2], rel=0.1)
    assert (np.abs(levels_of(values).mean(axis=0) - targets().level) < targets().tolerance).all()
    assert found.waves[1].retained.share < found.waves[0].retained.share * 1.2 < 0.05
    assert all(each.good for wave in found.waves for each in wave.diagnostics)
    assert np.sqrt([each.noise for each in found.emulators.each]) == pytest.approx(NOISE, rel=0.4)


def test_a_wave_asks_only_for_what_is_not_implausible(done):
    found, model, _ = done
    asked = dict(model.asked)
    assert list(asked) == ["screening", "wave-1", "wave-2", "check-1"]
    first = levels_of(priors().values(asked["wave-2"]))
    assert np.abs(first - targets().level).max() < 5 * 0.07  # three of √(0.05² + emulator)
    judged = implausibility(found.sets, found.emulators, targets())
    assert np.quantile(judged.max(axis=1), 0.95) < 3


def test_the_same_again_asks_for_the_same_runs():
    once, again = Toy(), Toy()
    first = calibrate(problem(), once, waves=1)
    second = calibrate(problem(), again, waves=1)
    assert [name for name, _ in once.asked] == ["screening", "wave-1", "check-1"]
    assert all((a == b).all() for (_, a), (_, b) in zip(once.asked, again.asked, strict=True))
    assert (first.sets == second.sets).all()


def test_what_few_samples_leave_unknown_counts():
    points = np.random.default_rng(1).random((30, 1))
    emulator = fit(points, points[:, 0] + np.random.default_rng(2).normal(0, 0.1, 30), np.array([True]))
    few, many = (Emulators((emulator,), samples, np.eye(1)).predict(points)[1] for samples in (1, 1000))
    assert (few - many).mean() == pytest.approx(emulator.noise, rel=0.01)


NEAR_ONE = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.9], [0.9, 0.9, 1.0]])


def test_the_likelihood_is_normal_with_every_covariance():
    """Against scipy's normal: emulator, figure, and noise of one run."""
    rng = np.random.default_rng(8)
    points = rng.random((40, 1))
    levels = points @ np.ones((1, 3)) + rng.multivariate_normal(np.zeros(3), 0.01 * NEAR_ONE, 40)
    each = tuple(fit(points, levels[:, n], np.array([True])) for n in range(3))
    emulators = Emulators(each, 5, NEAR_ONE)
    aims = Targets(("x", "y", "z"), np.array([0.4, 0.5, 0.6]), np.full(3, 0.2), np.full(3, 0.05))
    at = np.array([[0.3], [0.6]])
    mean, variance = emulators.predict(at)
    noise = np.array([0.1, 0.2, 0.3])
    found = log_likelihood(at, emulators, aims, noise)
    for n in range(2):
        whole = np.outer(variance[n] ** 0.5, variance[n] ** 0.5) * NEAR_ONE + np.outer(noise, noise) * NEAR_ONE
        by_hand = multivariate_normal(mean[n], whole + 0.0125 * np.eye(3)).logpdf(aims.level)
        assert found[n] + -1.5 * np.log(2 * np.pi) == pytest.approx(by_hand)


def test_noise_that_targets_share_is_seen_and_what_is_not_there_is_not():
    rng = np.random.default_rng(4)
    points = rng.random((120, 1))
    shared = rng.multivariate_normal(np.zeros(3), 0.01 * NEAR_ONE, 120)
    for noise, expected in ((shared, 0.9), (rng.normal(0, 0.1, (120, 3)), 0.0)):
        levels = 2 * points + noise
        each = tuple(fit(points, levels[:, n], np.array([True])) for n in range(3))
        found = correlated(each, levels)
        assert np.diag(found) == pytest.approx(1)
        assert found[np.triu_indices(3, 1)] == pytest.approx(expected, abs=0.15)
    holes = np.where(rng.random((120, 3)) < 0.99, 2 * points + shared, np.nan)
    each = tuple(fit(points, holes[:, n], np.array([True])) for n in range(3))
    assert correlated(each, holes)[0, 1] == pytest.approx(0.9, abs=0.15)
    assert (correlated(each[:1], holes[:, :1]) == 1).all()


@pytest.mark.parametrize(("taken", "holds", "width"), [(NEAR_ONE, 0.95, 0.966), (np.eye(3), 0.758, 0.577)])
def test_intervals_hold_what_is_hidden_behind_noise_that_targets_share(taken, holds, width):
    """Three levels are x with noise that correlates by ρ = 0.9. Their mean has a deviation of 0.966 of the noise
    of one, √((1 + 2ρ) / 3). Taken as independent it is 1 / √3 = 0.577, and 95 % intervals are too narrow by 0.597: of a
    normal they hold P(|z| < 1.96 × 0.597) = 75.8 %."""
    rng, noise, grid = np.random.default_rng(6), 0.05, np.linspace(0, 1, 401)[:, None]
    shared = noise**2 * NEAR_ONE

    def levels(points: np.ndarray) -> np.ndarray:
        return points + rng.multivariate_normal(np.zeros(3), shared, len(points))

    points = rng.random((200, 1))
    known = levels(points)
    each = tuple(fit(points, known[:, n], np.array([True])) for n in range(3))
    found = correlated(each, known)
    emulators = Emulators(each, 1000, found if taken is NEAR_ONE else taken)
    hidden, ends = rng.uniform(0.2, 0.8, 600), []
    for level in levels(hidden[:, None]):
        aims = Targets(("one", "two", "three"), level, np.zeros(3), np.zeros(3))
        likely = log_likelihood(grid, emulators, aims, emulators.noise)
        below = np.cumsum(np.exp(likely - likely.max()))
        ends.append(np.interp([0.025, 0.975], below / below[-1], grid[:, 0]))
    low, high = np.array(ends).T
    assert ((low <= hidden) & (hidden <= high)).mean() == pytest.approx(holds, abs=0.03)
    assert (high - low).mean() == pytest.approx(2 * 1.96 * noise * width, rel=0.1)


@pytest.mark.parametrize("trials", [4, pytest.param(40, marks=pytest.mark.long)])
def test_hidden_parameters_are_found_again(trials):
    """Trials of three parameters: a method that is right holds 95 of 100, of 120 by chance 90 to 99."""
    found = recover(problem(), Toy(), trials)
    assert found.hidden.shape == (trials, 3)
    assert found.right if trials > 10 else found.coverage > 0.7, found.coverage
    assert (found.high - found.low)[:, 0].mean() < 0.5  # and by saying something
