"""What Streamlit must know to sign people in, in the one way it reads that before anybody comes: a secrets file.

It is written for the dashboard's process, for its user alone, and gone when the dashboard is. Set from within that process instead, it
would be unknown until somebody had opened a page, and whoever came back from the provider before that would be sent away.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from allears.settings import Settings


def write_secrets(settings: Settings) -> Path | None:
    """Write the file; None where nobody signs in through a provider. The keys are TOML, whose strings are written as JSON's are."""
    oidc = settings.dashboard.oidc
    if settings.dashboard.sign_in != "oidc" or oidc is None:
        return None
    cookie_secret = oidc.cookie_secret.get_secret_value() if oidc.cookie_secret else _kept_cookie_secret(settings.state_dir)
    keys = {
        "redirect_uri": f"{settings.dashboard.address}/oauth2callback",
        "cookie_secret": cookie_secret,
        "client_id": oidc.client_id,
        "client_secret": oidc.client_secret.get_secret_value(),
        "server_metadata_url": oidc.metadata_url,
    }
    path = secrets_path(settings)
    _write(path, "[auth]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
    return path


def secrets_path(settings: Settings) -> Path:
    """Where the file is while the dashboard runs."""
    return settings.state_dir / "sign-in.toml"


def _kept_cookie_secret(state_dir: Path) -> str:
    """What signs the cookies of those who signed in, made once: they stay signed in over a restart."""
    path = state_dir / "cookie-secret"
    if not path.exists():
        _write(path, secrets.token_urlsafe(32))
    return path.read_text("utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text, "utf-8")
    draft.replace(path)
