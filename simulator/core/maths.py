"""Elementary functions from + - × ÷ and square roots alone: the same bits compiled, interpreted, on any machine.

Errors are a few units in the last place; see the doctests and `tests/core/test_maths.py`.
"""

import numpy as np

from simulator.core.jit import compiled

_ROOT = np.array([2.0 ** (j / 32) for j in range(32)])
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10

# No branch and no table but `_ROOT`, so that a loop of them over lanes becomes vector instructions; a truth value as a
# factor, 0 or 1, changes no bits of what it keeps.


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
    near = max(x, -701.0)
    z = np.floor(near * 46.16624130844683 + 0.5)
    k = np.int32(z)
    r = (near - z * 0.021660849390173098) - z * 2.3251928468788740e-12
    p = 1.0 + r * (
        1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))))
    )  # fmt: skip
    power = np.int64((np.int64(k >> 5) + 1023) << 52).view(np.float64)  # 2**(k // 32), made of its exponent
    return _ROOT[k & 31] * p * power * (x >= -700.0)


@compiled
def log(x):
    """Natural logarithm of x > 0 (no denormal number).

    >>> round(float(log(10.0)), 12)
    2.302585092994
    """
    bits = np.float64(x).view(np.int64)
    m = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FE0000000000000).view(np.float64)  # in [0.5, 1)
    low = m < 0.7071067811865476
    m = m * (1.0 + low)
    e = np.float64(np.int32((bits >> 52) & 0x7FF) - 1022 - low)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 + z * (
        1 / 3
        + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z / 19)))))))
    )
    return e * _LN2_HIGH + (2.0 * s * p + e * _LN2_LOW)


@compiled
def logistic(z):
    """1 / (1 + e**-z).

    >>> float(logistic(0.0))
    0.5
    """
    e = exp_negative(-abs(z))
    return (1.0 if z >= 0.0 else e) / (1.0 + e)


@compiled
def clip(x, low, high):
    """x kept between low and high."""
    return min(max(x, low), high)


@compiled
def whole(x):
    """x >= 0 rounded half up to a whole number."""
    return np.int64(x + 0.5)


@compiled
def share_of(amount, share):
    """A share (0 to 1) of a whole amount, halves up, as the kind of number that ``amount`` is: int64 in books, float64
    in lanes, which has no error up to 2**53.

    >>> share_of(25, 0.5), share_of(25.0, 0.5)
    (13, 13.0)
    """
    return type(amount)(np.floor(amount * share + 0.5))


@compiled
def width_of(half):
    """Width of a factor that is uniform in the logarithm with half-width ``half``."""
    return exp(half) - exp(-half)


@compiled
def varied(mean, u, half, width):
    """A value around its mean for a uniform draw: uniform in the logarithm, half-width ``half``, of which ``width`` is
    the `width_of`."""
    return mean * exp(half * (2.0 * u - 1.0)) * (2.0 * half) / width
