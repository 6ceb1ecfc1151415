"""Draws: the published vectors of Philox, one stream per key, uniform."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import draws
from simulator.core.clock import CLOCK
from simulator.core.draws import lasting, philox4x32, uniforms

# Random123, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, result (the third: digits of pi).
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
WORD = st.integers(0, 2**32 - 1)


def words(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


def plain(function):
    """The rule as written, not compiled."""
    return getattr(function, "py_func", function)


def clock(seed: int = 1, replication: int = 0, month: int = 0) -> np.record:
    row = CLOCK.rows(1)
    row["key0"], row["key1"] = draws.key(seed, replication)
    row["month"] = month
    return row[0]


@pytest.mark.parametrize("how", [philox4x32, plain(philox4x32)], ids=["compiled", "interpreted"])
@pytest.mark.parametrize(("counter", "key", "result"), KNOWN, ids=["zeros", "ones", "pi"])
def test_known_answers(how, counter, key, result):
    assert [f"{int(word):08x}" for word in how(*words(counter), *words(key))] == result.split()


@given(counter=st.tuples(*[WORD] * 4), key=st.tuples(*[WORD] * 2))
def test_philox_is_the_one_of_the_paper(counter, key):
    """For any words, compiled and interpreted, and not only for the published ones."""
    given_words = [np.uint64(word) for word in (*counter, *key)]
    expected = reference(list(counter), list(key))
    assert [int(word) for word in philox4x32(*given_words)] == expected
    assert [int(word) for word in plain(philox4x32)(*given_words)] == expected


def reference(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x32-10 in whole numbers of any size, after the paper."""
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
    return counter


@given(person=st.integers(0, 2**32 - 1), month=st.integers(0, 1200), purpose=st.integers(1, 14), episode=WORD)
def test_a_draw_is_a_function_of_its_key(person, month, purpose, episode):
    first, again = clock(5, 2, month), clock(5, 2, month)
    drawn = uniforms(first, person, purpose, episode)
    assert drawn == uniforms(again, person, purpose, episode) == plain(uniforms)(first, person, purpose, episode)
    assert all(0 < u < 1 for u in drawn)
    # each is the middle of one of 2**32 cells: a word and a half
    expected = reference([person, month, purpose, episode], list(draws.key(5, 2)))
    assert [u * 2**32 for u in drawn] == [word + 0.5 for word in expected]
    (for_life, *_) = reference([person, 2**32 - 1, purpose, 0], list(draws.key(5, 2)))
    assert lasting(first, person, purpose) * 2**32 == for_life + 0.5


def test_nobody_shares_a_draw():
    """Every combination of person, month, purpose, episode, seed and replication has draws of its own."""
    seen = [
        uniforms(clock(seed, replication, month), person, purpose, episode)
        for seed in (1, 2)
        for replication in (0, 1)
        for month in (0, 1, 60)
        for person in (0, 1, 2_700_000)
        for purpose in (draws.LIFE, draws.ONSET, draws.OUTCOME)
        for episode in (0, 1, 5)
    ]
    flat = [u for drawn in seen for u in drawn]
    # 1,296 words of 32 bits: two alike have a chance of 0.02 %
    assert len(set(seen)) == len(seen)
    assert len(set(flat)) == len(flat)


def test_purposes_are_apart():
    purposes = [draws.LIFE, draws.ONSET, draws.CASE, draws.CHOICE, draws.SEEK, draws.BILL, draws.REFERRAL,
                draws.ADMISSION, draws.BED, draws.STEP_DOWN, draws.RETURN, draws.MANAGE, draws.FOLLOW,
                draws.OUTCOME]  # fmt: skip
    assert len(set(purposes)) == len(purposes)


def test_keys_are_apart():
    keys = {draws.key(seed, replication) for seed in range(100) for replication in range(100)}
    assert len(keys) == 10_000
    assert all(0 <= word < 2**32 for key in keys for word in key)


def test_uniform():
    """Sixteen bins of each of the four draws, and pairs of neighbours, by a chi-square that fails once in a million."""
    now = clock(3)
    drawn = np.array([uniforms(now, person, draws.CASE, 2) for person in range(8000)])
    for column in drawn.T:
        counts = np.bincount((column * 16).astype(int), minlength=16)
        assert ((counts - 500) ** 2 / 500).sum() < 58  # 15 degrees of freedom
    pairs = np.bincount((drawn[:-1, 0] * 8).astype(int) * 8 + (drawn[1:, 0] * 8).astype(int), minlength=64)
    assert ((pairs - 125) ** 2 / 125).sum() < 135  # 63 degrees of freedom
    assert abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 0.06


def test_lasting_draws_last():
    """They do not change with the month, and never meet those of a month."""
    ever = [lasting(clock(1, 0, month), 77, draws.MANAGE) for month in (0, 5, 600)]
    assert len(set(ever)) == 1
    assert lasting(clock(), 78, draws.MANAGE) != ever[0]
    assert lasting(clock(1, 1), 77, draws.MANAGE) != ever[0]
    assert ever[0] == plain(lasting)(clock(), 77, draws.MANAGE)
