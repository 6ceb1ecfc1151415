"""Scenario files: the language in which a place, its rules and its sources are written."""

from simulator.scenario.language.packaged import scenarios_folder
from simulator.scenario.load import load
from simulator.scenario.resolve.scope import owners
from simulator.scenario.schema.rules import Rules
from simulator.scenario.schema.scenario import Origin, Scenario, State

__all__ = ["Origin", "Rules", "Scenario", "State", "load", "owners", "scenarios_folder"]
