"""The answer that a report begins with: what each arm did, to whom, at whose cost, and how sure that is.

``outcomes.py`` says which outcomes are asked for, ``values.py`` and ``money.py`` work them out by replication,
``meant.py`` what an arm was meant to move and what of it nobody used, ``verdict.py`` puts it into words by rules,
``cards.py``, ``table.py`` and the files of ``charts/`` show it.
"""
