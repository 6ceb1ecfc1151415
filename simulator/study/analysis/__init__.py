"""What a study says: which uncertainties matter, which policies are best, where a reform fails.

``responses.py`` makes vectors over draws out of results, ``sensitivity.py`` indices out of them. ``condition.py`` reads
what failing means, ``discover.py`` finds boxes of the failing draws with ``prim.py``. ``specification.py`` holds what
is searched for, ``search.py`` tries the policies that ``proposals.py`` (Optuna) proposes, ``evaluate.py`` runs them as
tasks of a study, ``front.py`` says which are not dominated, and how surely.
"""
