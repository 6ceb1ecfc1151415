"""Many runs of one scenario: arms and replications, shared out over cores and kept on disk.

``run.py`` shares out the work, ``workers.py`` does it, ``folder.py`` keeps it, ``results.py`` reads it back.
"""
