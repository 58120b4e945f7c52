"""The snippet of docs/perception.md runs."""

from __future__ import annotations

import re
from pathlib import Path


def test_the_snippet_of_the_docs_runs() -> None:
    page = (Path(__file__).parents[4] / "docs" / "perception.md").read_text(encoding="utf-8")
    snippets = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert snippets
    for snippet in snippets:
        exec(compile(snippet, "docs/perception.md", "exec"), {})
