"""What the supervisor tells the dashboard's process, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from allears.settings import Settings, load
from app.supervisor import Supervisor, dashboard_command, environment_of

CONFIGURATION = """\
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
[dashboard]
"""
PROVIDER = 'sign_in = "oidc"\n[dashboard.oidc]\nmetadata_url = "https://id.example/x"\nclient_id = "allears"\nclient_secret = "hush"\n'


def settings(folder: Path, dashboard: str) -> Settings:
    (folder / "allears.toml").write_text(CONFIGURATION + dashboard, "utf-8")
    return load(folder / "allears.toml", {})


def test_the_dashboard_is_not_told_the_token_that_opens_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLEARS_API_TOKEN", "opens everything")
    ours = settings(tmp_path, "")
    told = {child.name: "ALLEARS_API_TOKEN" in environment_of(child, ours) for child in Supervisor(ours, print).children}
    assert told == {"store-service": True, "prefect-server": True, "flow-runner": True, "dashboard": False}


def test_a_providers_secret_stands_on_no_command_line(tmp_path: Path):
    ours = settings(tmp_path, PROVIDER)
    assert "hush" not in " ".join(dashboard_command(ours))
    assert dashboard_command(ours)[-2:] == ["--secrets.files", str(ours.state_dir / "sign-in.toml")]


def test_a_session_behind_a_proxy_is_told_apart_by_what_the_proxy_says(tmp_path: Path):
    ours = settings(tmp_path, 'sign_in = "proxy"\nproxy_header = "X-Who"\nproxy_secret = "only the proxy knows"\n')
    assert json.loads(dashboard_command(ours)[-1]) == {"X-Who": "email", "X-AllEars-Proxy": "proof"}


def test_where_nobody_signs_in_nothing_is_added(tmp_path: Path):
    assert dashboard_command(settings(tmp_path, ""))[-2:] == ["--server.headless", "true"]
