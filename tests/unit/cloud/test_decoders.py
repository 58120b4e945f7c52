"""Decoding in several threads from the first moment on."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys, threading
from cloud.decoders import build_decoders
from coach_core.contracts import Decision, SensorFrame, decode, encode
from tests.unit.cloud.messages import decision, frame

sys.setswitchinterval(1e-6)
build_decoders()
messages = [(encode(frame(0)), SensorFrame), (encode(decision(0)), Decision)]
together = threading.Barrier(4)

def work():
    together.wait()
    for _ in range(50):
        for body, kind in messages:
            decode(body, kind)

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_decode_at_once_do_not_bring_the_process_down() -> None:
    # without `build_decoders` about one run in four dies of SIGSEGV
    for _ in range(6):
        done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=Path(__file__).parents[3], check=False)
        assert done.returncode == 0
