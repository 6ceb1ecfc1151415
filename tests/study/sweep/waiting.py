"""A study of twelve tasks, as text with a hole for the design and one for the limit of time."""

STUDY = """
format: 1
title: {{en: A study, zh: 研究}}
question: Does waiting matter?
scenario: base
uncertainties:
  wait: {{sets: facilities.tertiary.wait, values: [40 minutes, 50 minutes, 60 minutes]}}
outcomes:
  visits: {{indicator: visits_per_person}}
design: {{kind: grid, compare_with: {{wait: 50 minutes}}, replications: 4{design}}}
limits: {{time: {time}, memory: 1 GB, tries: 2}}
"""
