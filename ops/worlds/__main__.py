"""`python -m ops.worlds`: write the repository's own worlds anew."""

from ops.worlds.families import STANDARD_NAMES, standard
from ops.worlds.layout import PROJECT
from ops.worlds.writer import write

for name in STANDARD_NAMES:
    for path in write(standard(name), PROJECT / "worlds"):
        print(path.relative_to(PROJECT))
