"""`python -m edge_relay`."""

import signal
import sys

# Until `main` listens, Ctrl-C ends the process without the traceback that an interrupted import would print.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from edge_relay.main import main  # noqa: E402

sys.exit(main())
