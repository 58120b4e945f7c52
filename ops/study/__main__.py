"""`python -m ops.study`: the same as `parkit study`."""

import sys

from ops.cli.main import main

if __name__ == "__main__":
    sys.argv.insert(1, "study")
    main()
