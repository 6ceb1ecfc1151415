"""The report of a run or a comparison: one HTML file that opens offline, prints, and reads without script.

``page.py`` puts it together, ``numbers.py`` ties numbers to the rows of tables, ``svg.py`` and ``sankey.py`` draw,
``answer.py``, ``figures.py``, ``flows.py``, ``actors.py``, ``rules.py`` and ``basis.py`` say what stands in a section.
"""
