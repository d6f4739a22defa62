"""Recorded answers of a service, handed to its real client in place of the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from allears.errors import ConfigurationError


class RecordedAnswers(HTTPAdapter):
    """A transport adapter that answers by path, whatever the parameters; another path is answered 404."""

    def __init__(self, answers: Mapping[str, object]) -> None:
        super().__init__()
        self._answers = {path: json.dumps(body).encode() for path, body in answers.items()}

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """The recorded answer to a request."""
        body = self._answers.get(urlsplit(request.url or "").path)
        return self.build_response(
            request,
            HTTPResponse(
                body=BytesIO(body or b"{}"),
                headers={"content-type": "application/json"},
                status=404 if body is None else 200,
                preload_content=False,
            ),
        )


def read_recording(path: Path) -> dict[str, Any]:
    """A recorded body. Raises ConfigurationError where the file is missing or no JSON object."""
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"recording = {str(path)!r}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"recording = {str(path)!r}: is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise ConfigurationError(f"recording = {str(path)!r}: is not one answer of the service")
    return body
