"""Referral up and down: every chance moves the way its reasons say, and stays a chance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.core import behaviour
from simulator.referral.down import STAGES, chance_capable, chance_consent, chance_return
from simulator.referral.up import chance_asking, chance_granted, chance_referred, chance_tertiary

PAR = behaviour.row()[0]
SHARE = st.floats(0, 1)


@given(SHARE, SHARE, SHARE, st.floats(-500, 500), st.floats(-500, 500))
def test_sending_up(here, near, far, loss, gain):
    """More for the patient to gain there, more for the doctor to gain by it."""
    near, far = sorted((near, far))
    loss, gain = sorted((loss, gain))
    assert chance_referred(here, near, gain, 1.0, PAR) <= chance_referred(here, far, gain, 1.0, PAR)
    assert chance_referred(here, near, loss, 1.0, PAR) <= chance_referred(here, near, gain, 1.0, PAR)
    assert chance_referred(near, here, gain, 1.0, PAR) >= chance_referred(far, here, gain, 1.0, PAR)
    assert 0 <= chance_referred(here, near, gain, 1.0, PAR) <= 1


def test_sending_up_by_hand():
    """Nothing to gain for anybody: the constant. Sixty yuan more for the doctor: one logit."""
    nothing, paid = (chance_referred(0.5, 0.5, yuan, 1.0, PAR) for yuan in (0.0, PAR["refer_money"]))
    assert nothing == pytest.approx(1 / (1 + math.exp(-PAR["refer_threshold"])))
    assert math.log(paid / (1 - paid)) == pytest.approx(PAR["refer_threshold"] + 1)


@given(SHARE, SHARE)
def test_severe_and_urban_cases_go_to_the_tertiary_hospital(a, b):
    a, b = sorted((a, b))
    for urban in (0, 1):
        assert chance_tertiary(a, urban, 0.0, PAR) <= chance_tertiary(b, urban, 0.0, PAR)
        assert chance_tertiary(a, urban, 1.0, PAR) < chance_tertiary(a, urban, 0.0, PAR)
    assert chance_tertiary(a, 0, 0.0, PAR) < chance_tertiary(a, 1, 0.0, PAR)


@given(SHARE, SHARE, SHARE)
def test_a_skilled_centre_is_able(severity, a, b):
    a, b = sorted((a, b))
    assert chance_capable(a, severity, PAR) <= chance_capable(b, severity, PAR)
    assert chance_capable(severity, a, PAR) >= chance_capable(severity, b, PAR)


def test_the_limit_of_skill_is_sharp():
    """Whatever is paid: a quarter of capability decides between hardly ever and nearly always."""
    at = PAR["capable_slope"] * 0.6 + PAR["capable_at"]
    assert chance_capable(at, 0.6, PAR) == pytest.approx(0.5)
    assert chance_capable(at - 0.25, 0.6, PAR) < 0.01
    assert chance_capable(at + 0.25, 0.6, PAR) > 0.99


@given(SHARE, SHARE, SHARE)
def test_consent_rises_with_trust_and_skill(fixed, a, b):
    a, b = sorted((a, b))
    for eased in (0.0, 0.1):
        assert chance_consent(a, fixed, eased, PAR) <= chance_consent(b, fixed, eased, PAR)
        assert chance_consent(fixed, a, eased, PAR) <= chance_consent(fixed, b, eased, PAR)
    assert chance_consent(a, fixed, 0.1, PAR) > chance_consent(a, fixed, 0.0, PAR)


def test_consent_by_hand():
    level = chance_consent(PAR["trust_neutral"], PAR["capability_at"], 0.0, PAR)
    assert level == pytest.approx(1 / (1 + math.exp(-PAR["consent"])))


@given(SHARE, SHARE, SHARE)
def test_returns_fall_with_skill_and_rise_with_severity(fixed, a, b):
    a, b = sorted((a, b))
    assert chance_return(a, fixed, PAR) >= chance_return(b, fixed, PAR)
    assert chance_return(fixed, a, PAR) <= chance_return(fixed, b, PAR)


def test_returns_by_hand():
    level = chance_return(PAR["capability_at"], 0.6, PAR)
    assert level == pytest.approx(1 / (1 + math.exp(-PAR["return_back"])))


def test_stages_are_in_order():
    assert STAGES == ("not fit", "fit", "offered", "accepted", "consented", "moved")


def test_asking_and_granting_by_hand():
    """Who gains as much as the hassle asks half the time; at 1.4 eight of ten are granted, and half where the doctor
    loses 1.4 × 60 yuan by it."""
    assert chance_asking(PAR["ask_hassle"], PAR) == pytest.approx(0.5)
    assert chance_asking(PAR["ask_hassle"] + 2, PAR) == pytest.approx(1 / (1 + np.exp(-2)))
    assert chance_granted(0.0, PAR) == pytest.approx(0.802, abs=0.001)
    assert chance_granted(-84.0, PAR) == pytest.approx(0.5)
