"""Where in a configuration a key stands."""

from __future__ import annotations

import pytest

from allears.toml_lines import line_of

TEXT = """\
# a comment
[business]
name = "N"

[[source]]
name = "a"
"url" = "b"

[[source]]
name = "c"

[[person]]
[[person.away]]
from = 2026-01-01
[[person.away]]
from = 2026-02-01
[[person]]
[person.extra]
key = 1
[[person.away]]
from = 2026-03-01
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("business",), 2),
        (("business", "name"), 3),
        (("business", "missing"), 2),
        (("source", 0, "url"), 7),
        (("source", 1), 9),
        (("source", 1, "name"), 10),
        (("source", 1, "url"), 9),
        (("person", 0, "away", 1, "from"), 16),
        (("person", 1, "extra", "key"), 19),
        (("person", 1, "away", 0, "from"), 21),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_where_a_key_stands(where: tuple[str | int, ...], line: int):
    assert line_of(TEXT, where) == line
