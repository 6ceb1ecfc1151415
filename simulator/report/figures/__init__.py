"""Figures of a run for papers, in both languages, each with the data behind it."""
