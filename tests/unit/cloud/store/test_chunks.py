"""Recording chunks: fixed boundaries, lossless, merged without loss or doubling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.store import chunks
from cloud.store.tables import CHUNK_RECORDS


def line(seq: int) -> bytes:
    return b'{"seq":%d,"text":"\xea\xb0\x80"}' % seq


@given(st.sets(st.integers(0, 10_000)))
def test_what_is_packed_is_unpacked_in_order(seqs: set[int]) -> None:
    packed = chunks.pack({seq: line(seq) for seq in seqs})
    assert chunks.lines(packed) == [line(seq) for seq in sorted(seqs)]
    assert chunks.unpack(packed) == {seq: line(seq) for seq in seqs}


@pytest.mark.parametrize(("seq", "chunk"), [(0, 0), (CHUNK_RECORDS - 1, 0), (CHUNK_RECORDS, 1)])
def test_boundaries_depend_on_seq_alone(seq: int, chunk: int) -> None:
    assert chunks.chunk_of(seq) == chunk


def test_json_over_several_lines_becomes_one() -> None:
    assert chunks.as_line(b'{\n  "seq": 1,\n  "text": "a\\nb"\n}') == b'{"seq":1,"text":"a\\nb"}'
    assert chunks.as_line(b'{"seq": 1}') == b'{"seq": 1}'
