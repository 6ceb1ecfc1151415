"""Random draws keyed by who, what for and when: Philox4x32-10 (Salmon et al., SC 2011).

A draw is a pure function of (seed, replication; person, month, purpose, episode). Nothing is ever stored, so any
order, chunking, engine or machine gives the same draws, and arms of a scenario share them (common random numbers).
"""

from zlib import crc32

import numpy as np

from simulator.core.jit import compiled

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LOW = np.uint64(0xFFFFFFFF)
S32 = np.uint64(32)
INV32 = 2.0**-32

# What a draw is for. Numbers are never reused: a new purpose gets a new number.
LIFE, ONSET, CASE, CHOICE, SEEK, BILL, REFERRAL, ADMISSION, BED, STEP_DOWN, RETURN, MANAGE, FOLLOW, OUTCOME = range(
    1, 15
)
SIGN, AWARE, SERVE, CONSULT, FILING, JOB = range(15, 21)
ENROL, JOIN, INSURE, TASTE = range(31, 35)
FALSE, REPEAT, REFUSE = range(41, 44)
ALTRUISM = 51
SIGNAL, ASK = range(61, 63)
AGAIN, HOME, FRAIL = range(71, 74)
EXAMINED = 81
NAMED = 1 << 16
"""Numbers from here on follow from names."""


def purpose(name: str) -> int:
    """What the draws of a service are for: a number of its own that follows from its ``name``, so that one more service
    changes no other's draws.

    >>> purpose("checkup") == purpose("checkup"), purpose("checkup") == purpose("lecture")
    (True, False)
    """
    return NAMED + crc32(name.encode()) % (2**32 - NAMED)


def key(seed: int, replication: int) -> tuple[int, int]:
    """Two 32-bit words that key all draws of a replication (splitmix64 of seed and replication).

    >>> key(1, 0) == key(1, 0), key(1, 0) == key(1, 1)
    (True, False)
    """
    mask = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + (replication + 1) * 0xBF58476D1CE4E5B9) & mask
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = ((z ^ (z >> shift)) * factor) & mask
    z ^= z >> 31
    return z & 0xFFFFFFFF, z >> 32


@compiled
def philox4x32(c0, c1, c2, c3, k0, k1):
    """Ten rounds on four 32-bit counters held in uint64. No product overflows 64 bits, so the same source gives the
    same bits interpreted and compiled."""
    for _ in range(10):
        p0 = M0 * c0
        p1 = M1 * c2
        # the masks drop nothing: they let a loop over lanes multiply 32 by 32 bits
        c0, c1, c2, c3 = ((p1 >> S32) ^ c1 ^ k0) & LOW, p1 & LOW, ((p0 >> S32) ^ c3 ^ k1) & LOW, p0 & LOW
        k0 = (k0 + W0) & LOW
        k1 = (k1 + W1) & LOW
    return c0, c1, c2, c3


@compiled
def uniforms(clock, person, purpose, episode):
    """Four uniforms in (0, 1) for one person, purpose and episode in the month of ``clock``."""
    a, b, c, d = philox4x32(
        np.uint64(person), np.uint64(clock.month), np.uint64(purpose), np.uint64(episode),
        np.uint64(clock.key0), np.uint64(clock.key1),
    )  # fmt: skip
    return (
        (np.float64(a) + 0.5) * INV32,
        (np.float64(b) + 0.5) * INV32,
        (np.float64(c) + 0.5) * INV32,
        (np.float64(d) + 0.5) * INV32,
    )


@compiled
def lasting(clock, person, purpose):
    """One uniform in (0, 1) that a person keeps for life."""
    a, _, _, _ = philox4x32(
        np.uint64(person), LOW, np.uint64(purpose), np.uint64(0), np.uint64(clock.key0), np.uint64(clock.key1)
    )
    return (np.float64(a) + 0.5) * INV32
