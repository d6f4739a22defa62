"""The desk is opened through the store service and in no other way."""

from __future__ import annotations

from pathlib import Path

import pytest

from allears.errors import ConfigurationError, StoreError
from app.dashboard import connection

CONFIGURATION = """
[business]
name = "Northwind Coffee"
[[source]]
name = "web"
channel = "form"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


def test_without_its_service_the_store_stays_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = tmp_path / "allears.toml"
    settings.write_text(CONFIGURATION, "utf-8")
    monkeypatch.setenv("ALLEARS_CONFIG", str(settings))
    with pytest.raises(StoreError, match="store service is not running"):
        connection.desk()
    assert [path.name for path in tmp_path.iterdir()] == ["allears.toml"]


def test_a_missing_configuration_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLEARS_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        connection.desk()
