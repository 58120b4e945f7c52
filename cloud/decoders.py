"""Making the contracts' decoders before there are threads.

msgspec fills in what it knows of a Struct type when the first decoder for it is made, and a second thread that asks
meanwhile is given the unfinished description: the process then dies of a null pointer. Live feed, analysis and API
decode in threads of their own, so every decoder is made first.
"""

from __future__ import annotations

import contextlib

import msgspec

from coach_core.contracts import KAFKA_TOPICS, PlanSummary, decode
from coach_core.errors import ContractError


def build_decoders() -> None:
    """Make the decoders of everything the cloud decodes. Call it before starting a thread."""
    kinds: set[type[msgspec.Struct]] = {spec.message for spec in KAFKA_TOPICS.values()} | {PlanSummary}
    for kind in kinds:
        with contextlib.suppress(ContractError):
            decode(b"{}", kind)
