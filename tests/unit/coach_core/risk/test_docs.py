import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("page", ["risk.md", "scoring.md"])
def test_the_snippets_of_the_docs_run(page: str) -> None:
    snippets = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert snippets
    for snippet in snippets:
        exec(compile(snippet, page, "exec"), {})
