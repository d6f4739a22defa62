from pathlib import Path

import pytest
import requests

from allears.errors import ConfigurationError
from connectors.recorded import RecordedAnswers, read_recording


def test_a_path_is_answered_whatever_the_parameters_and_another_is_not_found():
    with requests.Session() as session:
        session.mount("https://", RecordedAnswers({"/search": {"found": ["é"]}}))
        assert session.get("https://service.example/search?page=2").json() == {"found": ["é"]}
        assert session.get("https://service.example/other").status_code == 404


@pytest.mark.parametrize(("data", "reason"), [(None, "No such file"), (b"{", "not JSON"), (b"[]", "not one answer")])
def test_a_recording_that_cannot_be_used(tmp_path: Path, data: bytes | None, reason: str):
    if data is not None:
        (tmp_path / "answer.json").write_bytes(data)
    with pytest.raises(ConfigurationError, match=reason):
        read_recording(tmp_path / "answer.json")
