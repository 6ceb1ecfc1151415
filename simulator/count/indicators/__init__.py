"""Indicators: each is one entry in the file of its subject, and is known nowhere else.

What a scenario or a study may name, what reports show and rank, and the page of the documentation are read from here.
"""
