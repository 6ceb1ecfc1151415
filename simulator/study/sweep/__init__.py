"""Studies of many scenarios: a study file says what varies, a design says where, and every run is a task of its own.

``language.py`` is the study file, ``read.py`` reads one into a ``study.py`` with the ``study_checks.py``,
``designs.py`` makes its points out of ``values.py``, ``tasks.py`` names each run by its content. ``store.py`` keeps
what came of it; ``frozen.py`` and ``begin.py`` copy there what was asked. ``work.py`` is what a child does with a task,
``watchdog.py`` watches the child, ``executors.py`` are those who do the work, ``drive.py`` sees to it that all is done,
``stop.py`` adds replications, ``follow.py`` counts. ``result_tables.py`` makes tables of it, ``study_results.py`` reads
them back, ``rerun.py`` runs one task once more.
"""
