"""The report of a study: one HTML file in its folder, like that of a run (``report/page``).

``page.py`` puts it together, ``derived_tables.py`` derives the tables that it shows, ``answer.py`` says the sentences
and the table of outcomes, ``figures.py`` draws, ``varied.py`` names what varies.
"""
