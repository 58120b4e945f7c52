"""`python -m edge_relay`."""

import sys

from edge_relay.main import main

sys.exit(main())
