"""Many runs of one scenario: arms and replications, shared out over cores and kept on disk.

``run.py`` shares out the work, ``workers.py`` does it, ``folder.py`` keeps it under a ``lock.py``, ``inputs.py`` says
whether a stopped run may go on, ``summary.py`` compares the arms, ``results.py`` reads everything back.
"""
