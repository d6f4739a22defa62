"""What is believed of whoever signs in, and what their pages say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.access import Acting, Role, Roll
from allears.domain.audit import AuditEntry
from allears.errors import NotAllowed, StoreError
from allears.settings import DashboardSettings
from app.dashboard import masking
from app.dashboard.connection import Desk
from app.dashboard.session import Session, known_as
from app.dashboard.signing_in import is_proxy, signed_in_until, verified_email
from tests.unit.dashboard.northwind import PEOPLE, FakeStore
from tests.unit.dashboard.pages import press, ran, shown

SECRET = "only the proxy knows this"
PROXY = DashboardSettings.model_validate({"sign_in": "proxy", "proxy_secret": SECRET})
OUR_NAMES = ("Northwind Coffee", *(person.name for person in PEOPLE))
AT = datetime(2026, 11, 19, 10, tzinfo=UTC)
NAMES = ("Mara Lindqvist", "x@example.org")


def oidc(session: str | None) -> DashboardSettings:
    provider = {"metadata_url": "https://id.example/x", "client_id": "a", "client_secret": "b", "session": session}
    return DashboardSettings.model_validate({"sign_in": "oidc", "oidc": provider})


class TestWhatAProviderSays:
    @pytest.mark.parametrize(
        ("claims", "email"),
        [
            ({"email": "ada@x.org", "email_verified": True}, "ada@x.org"),
            ({"email": "ada@x.org"}, "ada@x.org"),
            ({"email": "ada@x.org", "email_verified": False}, None),
            ({"email": "ada@x.org", "email_verified": "false"}, None),
            ({"email": ""}, None),
            ({"email": ["ada@x.org"]}, None),
            ({"preferred_username": "ada@x.org"}, None),
        ],
    )
    def test_an_address_counts_unless_it_is_not_verified(self, claims: dict[str, object], email: str | None):
        assert verified_email(claims) == email

    def test_a_sign_in_lasts_as_long_as_its_token_or_as_is_set(self):
        claims = {"iat": AT.timestamp(), "exp": AT.timestamp() + 3600}
        assert signed_in_until(claims, oidc(None)) == AT + timedelta(hours=1)
        assert signed_in_until(claims, oidc("8 hours")) == AT + timedelta(hours=8)

    @pytest.mark.parametrize("claims", [{}, {"exp": "tomorrow"}, {"exp": None}])
    def test_of_which_nothing_is_said_it_is_over(self, claims: dict[str, object]):
        assert signed_in_until(claims, oidc(None)) < AT

    def test_once_over_the_store_is_asked_in_nobodys_name(self):
        with pytest.raises(NotAllowed, match="Your sign-in is over"):
            Session(Acting("Ada", Role.ADMIN), until=AT - timedelta(days=365)).name()


@pytest.mark.parametrize(
    ("proofs", "believed"), [([SECRET], True), ([], False), ([""], False), (["guessed"], False), ([SECRET, SECRET], False), (["é"], False)]
)
def test_a_proxy_proves_itself_once(proofs: list[str], believed: bool):
    assert is_proxy(proofs, PROXY) is believed


def page(desk, session):
    """What home.py does for the page of a case, for somebody who signed in."""
    from app.dashboard import session as sessions  # noqa: PLC0415 - it runs as a script of its own
    from app.dashboard.components import frame, states  # noqa: PLC0415 - as above
    from app.dashboard.views import case  # noqa: PLC0415 - as above

    sessions.begin(session)
    with states.telling_troubles():
        frame.draw_sidebar(desk)
        case.show(desk)


class TestPersonalData:
    @pytest.fixture
    def opened(self, desk: Desk):
        """Opens Ada's case C-1002 as somebody who signed in."""
        named = Acting("Cara Diaz", Role.MANAGER)
        behind = replace(desk, masked_but=OUR_NAMES, dashboard=PROXY, roll=Roll({named.name: named}))

        def run(name: str, role: Role) -> AppTest:
            test = AppTest.from_function(page, args=(behind, Session(Acting(name, role))), default_timeout=20)
            test.query_params["id"] = "C-1002"
            return ran(test)

        return run

    def test_its_owner_sees_it(self, opened):
        html = shown(opened("Ada Brook", Role.OWNER))
        assert [name for name in NAMES if name in html] == list(NAMES)

    @pytest.mark.parametrize(("name", "role"), [("Ben Hall", Role.OWNER), ("Vera Sand", Role.VIEWER), ("Ada Brook", Role.VIEWER)])
    def test_others_do_not_and_are_told_who_may(self, opened, name: str, role: Role):
        test = opened(name, role)
        assert [each for each in NAMES if each in shown(test)] == []
        assert "Managers and admins may see personal data" in shown(test)
        assert "Show personal data" not in [button.label for button in test.button]

    def test_a_manager_sees_it_after_it_was_written_down(self, opened, store: FakeStore):
        test = opened("Cara Diaz", Role.MANAGER)
        assert [name for name in NAMES if name in shown(test)] == []
        press(test, "Show personal data")
        assert [name for name in NAMES if name in shown(test)] == list(NAMES)
        assert [(entry.actor, entry.subject) for entry in store.audit(10, 0)] == [("Cara Diaz", "case C-1002")]

    def test_nothing_is_shown_that_could_not_be_written_down(self, opened, store: FakeStore, monkeypatch: pytest.MonkeyPatch):
        def full(entry: AuditEntry) -> None:
            raise StoreError("The disk is full.")

        test = opened("Cara Diaz", Role.MANAGER)
        monkeypatch.setattr(store, "record_audit", full, raising=False)
        press(test, "Show personal data")
        assert [name for name in NAMES if name in shown(test)] == []
        assert "Nothing is shown, since the audit log could not be written. The disk is full." in shown(test)

    def test_what_one_asked_to_see_another_in_the_same_browser_does_not(self):
        known = {masking.OWN_NAMES: OUR_NAMES, masking.BY_ROLE: True, "shown": {("Cara Diaz", "case C-1002")}}
        seen = []
        for name in ("Cara Diaz", "Alma Reyes"):
            with known_as(known | {"session": Session(Acting(name, Role.ADMIN))}):
                seen.append(masking.sees("case C-1002", ["Ada Brook"]))
        assert seen == [True, False]
