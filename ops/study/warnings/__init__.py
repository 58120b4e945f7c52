"""Are the warnings early enough, never missing, not nagging? Contacts that happen, and manoeuvres that are clean.

`python -m ops.study.warnings --episodes 200 --seed 1` drives both; `study` is the same from Python.
"""

from ops.study.warnings.study import Warnings, study

__all__ = ["Warnings", "study"]
