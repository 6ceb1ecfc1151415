"""Elementary functions from + - × ÷ and square roots alone: the same bits compiled, interpreted, on any machine.

Errors are a few units in the last place; see the doctests and `tests/core/test_maths.py`.
"""

import math

import numpy as np

from simulator.core.jit import compiled

_ROOT = np.array([2.0 ** (j / 32) for j in range(32)])
_HALF = np.array([2.0**-k for k in range(1075)])
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10


@compiled
def exp(x):
    """e to the power x, for x in [-700, 700]; 0 below.

    >>> round(float(exp(1.0)), 12), float(exp(-800.0))
    (2.718281828459, 0.0)
    """
    if x > 0.0:
        return 1.0 / exp_negative(-x)
    return exp_negative(x)


@compiled
def exp_negative(x):
    """e to the power x for x <= 0, by a table of 2**(k/32) and a polynomial of degree six."""
    if x < -700.0:
        return 0.0
    k = np.int64(math.floor(x * 46.16624130844683 + 0.5))
    r = (x - k * 0.021660849390173098) - k * 2.3251928468788740e-12
    p = 1.0 + r * (
        1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))
    )  # fmt: skip
    return _ROOT[k & 31] * p * _HALF[-(k >> 5)]


@compiled
def log(x):
    """Natural logarithm of x > 0.

    >>> round(float(log(10.0)), 12)
    2.302585092994
    """
    m, e = math.frexp(x)
    if m < 0.7071067811865476:
        m = m * 2.0
        e = e - 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 + z * (
        1 / 3
        + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z / 19)))))))
    )
    return np.float64(e) * _LN2_HIGH + (2.0 * s * p + np.float64(e) * _LN2_LOW)


@compiled
def logistic(z):
    """1 / (1 + e**-z).

    >>> float(logistic(0.0))
    0.5
    """
    if z >= 0.0:
        return 1.0 / (1.0 + exp_negative(-z))
    e = exp_negative(z)
    return e / (1.0 + e)


@compiled
def clip(x, low, high):
    """x kept between low and high."""
    return min(max(x, low), high)


@compiled
def whole(x):
    """x >= 0 rounded half up to a whole number."""
    return np.int64(x + 0.5)


@compiled
def width_of(half):
    """Width of a factor that is uniform in the logarithm with half-width ``half``."""
    return exp(half) - exp(-half)


@compiled
def varied(mean, u, half, width):
    """A value around its mean for a uniform draw: uniform in the logarithm, half-width ``half``, of which ``width`` is
    the `width_of`."""
    return mean * exp(half * (2.0 * u - 1.0)) * (2.0 * half) / width
