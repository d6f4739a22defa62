"""A configuration is read, or every fault in it is told with its line, its key and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from allears.domain.feedback import Channel, Urgency
from allears.domain.people import Absence
from allears.domain.targets import USUAL, Goal
from allears.errors import ConfigurationError
from allears.settings import Settings, load

GOOD = """\
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[mail]
url = "smtp://mail.northwind.example"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"
every = "5 minutes"

[[source]]
name = "web-form"
channel = "form"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
teams = ["billing"]
deputy = "Cara Diaz"
hours = "Mon-Fri 09:00-17:30"
holidays = "GB"
away = [{ from = 2026-12-24, until = 2027-01-02 }]

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
timezone = "Europe/Madrid"

[[route]]
topic = "billing"
about = "charged twice"
to = "team:billing"
when = { channel = "email" }

[targets]
critical = "30 minutes"

[routing]
default = "person:Cara Diaz"
"""

ROOT = Path(__file__).parents[2]
TAG = '[[tag]]\nname = "vip"\ncustomers = ["*@hotel.example"]\n'

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads the good configuration with some of its text changed."""

    def read(*changes: tuple[str, str], **environment: str) -> Settings:
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "allears.toml"
        path.write_text(text, "utf-8")
        return load(path, environment)

    return read


class TestAGoodOne:
    def test_everything_is_where_it_belongs(self, read: Read, tmp_path: Path):
        settings = read()
        assert (settings.business.name, settings.timezone.key) == ("Northwind Coffee", "Europe/London")
        assert [(source.name, source.channel, source.every) for source in settings.source] == [
            ("support", Channel.EMAIL, timedelta(minutes=5)),
            ("web-form", Channel.FORM, timedelta(minutes=1)),
        ]
        assert settings.source[0].options == {"url": "maildir:mail"}
        assert settings.store_path == tmp_path / "allears.duckdb"
        assert settings.routing.person == "Cara Diaz"

    def test_people_as_the_rules_see_them(self, read: Read):
        directory = read().directory()
        ada, cara = directory["Ada Brook"], directory["Cara Diaz"]
        assert (directory.default, ada.deputy, ada.teams) == ("Cara Diaz", "Cara Diaz", ("billing",))
        assert (ada.timezone.key, cara.timezone.key) == ("Europe/London", "Europe/Madrid")
        assert ada.away == (Absence(date(2026, 12, 24), date(2027, 1, 2)),)
        assert date(2026, 12, 25) in ada.holidays
        assert date(2026, 12, 25) not in cara.holidays
        assert len(ada.hours.shifts) == 5
        assert cara.hours.shifts == ()
        assert (ada.active, ada.takes_back, ada.country, cara.country) == (True, False, "GB", None)

    def test_a_person_may_have_left_or_take_their_cases_back(self, read: Read):
        settings = read(('teams = ["billing"]', "active = false\ntakes_back = true"), ('"team:billing"', '"person:Cara Diaz"'))
        ada = settings.directory()["Ada Brook"]
        assert (ada.active, ada.takes_back) == (False, True)


class TestTargets:
    def test_what_is_given_takes_the_place_of_what_is_usual(self, read: Read):
        durations = read().durations()
        assert durations.of(Goal.ANSWER, Urgency.CRITICAL) == timedelta(minutes=30)
        assert durations.of(Goal.ANSWER, Urgency.HIGH) == timedelta(hours=2)
        assert durations.usual[Goal.RESOLVE] == USUAL[Goal.RESOLVE]

    def test_the_other_goals_have_sections_of_their_own(self, read: Read):
        given = {"acknowledge": 'high = "10 minutes"', "promise": 'low = "3 days"', "resolve": 'critical = "1 hour"'}
        sections = "".join(f"[targets.{goal}]\n{target}\n" for goal, target in given.items())
        durations = read(("[routing]\n", f"{sections}[routing]\n")).durations()
        assert durations.of(Goal.ACKNOWLEDGE, Urgency.HIGH) == timedelta(minutes=10)
        assert durations.of(Goal.PROMISE, Urgency.LOW) == timedelta(days=3)
        assert durations.of(Goal.RESOLVE, Urgency.CRITICAL) == timedelta(hours=1)
        assert durations.of(Goal.RESOLVE, Urgency.HIGH) == USUAL[Goal.RESOLVE][Urgency.HIGH]

    def test_a_tag_may_make_them_sooner_but_never_later(self, read: Read):
        tags = (
            '[[tag]]\nname = "vip"\ncustomers = ["*@hotel.example"]\n[tag.targets]\nnormal = "1 hour"\nlow = "9 days"\n'
            '[tag.targets.resolve]\nnormal = "4 hours"\n[routing]\n'
        )
        settings = read(("[routing]\n", tags))
        durations = settings.durations()
        assert [(tag.name, tag.customers) for tag in settings.tag] == [("vip", ("*@hotel.example",))]
        assert durations.of(Goal.ANSWER, Urgency.NORMAL, ("vip",)) == timedelta(hours=1)
        assert durations.of(Goal.ANSWER, Urgency.LOW, ("vip",)) == timedelta(hours=16)
        assert durations.of(Goal.RESOLVE, Urgency.NORMAL, ("vip",)) == timedelta(hours=4)
        assert durations.of(Goal.RESOLVE, Urgency.NORMAL, ()) == timedelta(hours=40)


class TestAlerts:
    EVERYBODYS = ("[routing]\n", '[alerts]\nat_once = "high"\ndigest_at = ["9:00", "14:30"]\nquiet = "22:00-07:00"\n[routing]\n')

    def test_by_themselves_they_leave_at_once(self, read: Read):
        ada = read().directory()["Ada Brook"]
        assert (ada.at_once, ada.digest_at, ada.quiet, ada.ways) == (Urgency.LOW, (), None, ())

    def test_what_is_said_for_everybody(self, read: Read):
        ada = read(self.EVERYBODYS).directory()["Ada Brook"]
        assert (ada.at_once, ada.digest_at, ada.quiet) == (Urgency.HIGH, (time(9), time(14, 30)), (time(22), time(7)))

    def test_what_a_person_says_takes_its_place(self, read: Read):
        own = 'teams = ["billing"]\nalerts = { at_once = "critical" }\nways = ["json://${HOOK}"]'
        people = read(self.EVERYBODYS, ('teams = ["billing"]', own), HOOK="hush.example").directory()
        ada, cara = people["Ada Brook"], people["Cara Diaz"]
        assert (ada.at_once, ada.digest_at, ada.quiet, ada.ways) == (Urgency.CRITICAL, (), None, ("json://hush.example",))
        assert cara.at_once is Urgency.HIGH


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("[business]\n", "[businss]\n", 1, "businss: is no setting; did you mean 'business'?"),
        ('timezone = "Europe/London"', 'timezon = "Europe/London"', 3, "business.timezon: is no setting; did you mean 'timezone'?"),
        ('"Europe/London"', '"Europe/Londn"', 3, "'Europe/Londn' is not a time zone; did you mean 'Europe/London'?"),
        ('name = "Northwind Coffee"\n', "", 1, "business.name: is missing"),
        ('name = "Northwind Coffee"', "name = 7", 2, "business.name: "),
        ('channel = "email"\nurl', 'channel = "emial"\nurl', 10, "source[1].channel: 'emial' is not one of"),
        ('channel = "email"\nurl', 'channel = "emial"\nurl', 10, "did you mean 'email'?"),
        ('name = "web-form"', 'name = "web form"', 15, "source[2].name: 'web form' does not have the form"),
        ('name = "web-form"', 'name = "support"', 15, "source[2].name: 'support' is taken already"),
        ("5 minutes", "often", 12, 'source[1].every: is not a duration like "30 seconds"'),
        ("30 minutes", "-3 minutes", 39, "targets.critical: is not a duration"),
        ("ada@northwind.example", "ada at northwind", 20, "person[1].email: 'ada at northwind' is not an email address"),
        ('name = "Cara Diaz"', 'name = "Ada Brook"', 28, "person[2].name: 'Ada Brook' is taken already"),
        ('deputy = "Cara Diaz"', 'deputy = "Cara Dias"', 22, "person[1].deputy: 'Cara Dias' is no [[person]]; did you mean 'Cara Diaz'?"),
        ('deputy = "Cara Diaz"', 'manager = "Nobody"', 22, "person[1].manager: 'Nobody' is no [[person]]"),
        ("Mon-Fri 09:00-17:30", "9 to 5", 23, "person[1].hours: working hours '9 to 5' are not of the form"),
        ('holidays = "GB"', 'holidays = "XX"', 24, "person[1].holidays: 'XX' is not a country"),
        ('holidays = "GB"', 'holidays = "GB-SCX"', 24, "'SCX' is not a part of GB; did you mean 'SCT'?"),
        ("from = 2026-12-24", "form = 2026-12-24", 25, "did you mean 'from'?"),
        ('"team:billing"', '"team:biling"', 35, "route[1].to: 'team:biling' points to nobody; did you mean 'billing'?"),
        ('"team:billing"', '"person:Ada Brok"', 35, "route[1].to: 'person:Ada Brok' points to nobody; did you mean 'Ada Brook'?"),
        ('"team:billing"', '"billing"', 35, "route[1].to: 'billing' must say what it is: 'team:billing'"),
        ('when = { channel = "email" }', 'when = { chann3l = "email" }', 36, "did you mean 'channel'?"),
        ('default = "person:Cara Diaz"', 'default = "person:Cara"', 42, "routing.default: 'person:Cara' points to nobody"),
        ('default = "person:Cara Diaz"', 'default = "team:billing"', 42, "routing.default: 'team:billing' does not have the form"),
        ('[routing]\ndefault = "person:Cara Diaz"\n', "", 1, "routing: is missing"),
        ("[routing]\n", '[service]\nport = "8700"\n[routing]\n', 42, "service.port: must be a whole number, without quotes"),
        ("[routing]\n", "[service]\nport = 8501\n[routing]\n", 42, "service.port: 8501 is another server's port already"),
        ("[routing]\n", '[store]\npath = "ducklake:postgres:x"\n[routing]\n', 42, "store.path: a DuckLake cannot be attached yet"),
        ('deputy = "Cara Diaz"', 'deputy = "Ada Brook"', 22, "person[1].deputy: 'Ada Brook' cannot be their own deputy"),
        ("until = 2027-01-02", "until = 2026-12-01", 25, "until (2026-12-01) comes before from (2026-12-24)"),
        ('deputy = "Cara Diaz"', 'manager = "Ada Brook"', 22, "person[1].manager: 'Ada Brook' cannot be their own manager"),
        ("[routing]\n", f"{TAG}{TAG}[routing]\n", 45, "tag[2].name: 'vip' is taken already"),
        ('teams = ["billing"]', 'teams = ["billing"]\nactive = false', 36, "route[1].to: 'team:billing' has nobody who is active any more"),
        ('teams = ["billing"]', "active = false\nteams = []", 36, "'team:billing' points to nobody"),
        ('email = "cara@northwind.example"', 'email = "c@x.org"\nactive = false', 43, "routing.default: 'person:Cara Diaz' is not active"),
        ("[routing]\n", '[alerts]\nat_once = "hihg"\n[routing]\n', 42, "did you mean 'high'?"),
        ("[routing]\n", '[alerts]\nquiet = "22:00"\n[routing]\n', 42, "alerts.quiet: '22:00' are not hours like '22:00-07:00'"),
        ("[routing]\n", '[alerts]\ndigest_at = ["9am"]\n[routing]\n', 42, "'9am' is not a time of day like '09:00'"),
        ("[routing]\n", '[targets.resolve]\nhigh = "soon"\n[routing]\n', 42, "targets.resolve.high: is not a duration"),
    ],
)
def test_a_fault_names_its_line_its_key_and_the_mend(read: Read, tmp_path: Path, old: str, new: str, line: int, told: str):
    with pytest.raises(ConfigurationError) as caught:
        read((old, new))
    assert f"{tmp_path / 'allears.toml'}:{line}: " in str(caught.value)
    assert told in str(caught.value)


def test_a_person_who_has_left_answers_for_nothing(read: Read):
    with pytest.raises(
        ConfigurationError, match=r":36: route\[1\]\.to: 'person:Ada Brook' is not active any more; name another person here$"
    ):
        read(('teams = ["billing"]', 'teams = ["billing"]\nactive = false'), ('"team:billing"', '"person:Ada Brook"'))


def test_a_team_answers_as_long_as_one_of_it_is_there(read: Read):
    read(('teams = ["billing"]', 'teams = ["billing"]\nactive = false'), ('timezone = "Europe/Madrid"', 'teams = ["billing"]'))


def test_deputies_may_stand_in_for_each_other(read: Read):
    directory = read(('timezone = "Europe/Madrid"', 'deputy = "Ada Brook"')).directory()
    assert [person.name for person in directory.stand_ins("Ada Brook")] == ["Cara Diaz"]


class TestCalendars:
    KEY = ('holidays = "GB"', 'calendar = "absences/ada.ics"')

    @pytest.fixture
    def calendar(self, tmp_path: Path) -> Path:
        (tmp_path / "absences").mkdir()
        file = tmp_path / "absences" / "ada.ics"
        today = datetime.now(UTC)
        day = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:{today:%Y}0713\r\nDTEND;VALUE=DATE:{today:%Y}0716\r\nEND:VEVENT\r\n"
        file.write_bytes(f"BEGIN:VCALENDAR\r\n{day}END:VCALENDAR\r\n".encode())
        return file

    @pytest.mark.usefixtures("calendar")
    def test_what_it_says_is_added_to_the_days_away(self, read: Read):
        year = datetime.now(UTC).year
        people = read(self.KEY).directory()
        assert people["Ada Brook"].away == (Absence(date(2026, 12, 24), date(2027, 1, 2)), Absence(date(year, 7, 13), date(year, 7, 15)))
        assert people["Cara Diaz"].away == ()

    def test_one_that_is_not_there(self, read: Read, tmp_path: Path):
        file = tmp_path / "absences" / "ada.ics"
        told = f"person[1].calendar: {file} cannot be read: No such file or directory. Export the calendar there, or take this line out"
        assert read(self.KEY).unread_calendars == (f"{tmp_path / 'allears.toml'}:24: {told}",)

    def test_one_that_is_broken(self, read: Read, calendar: Path, tmp_path: Path):
        calendar.write_bytes(calendar.read_bytes()[:-20])
        (told,) = read(self.KEY).unread_calendars
        assert told.startswith(f"{tmp_path / 'allears.toml'}:24: person[1].calendar: {calendar} is no iCalendar file that can be read")

    def test_every_broken_one_is_told(self, read: Read):
        told = read(self.KEY, ('timezone = "Europe/Madrid"', 'calendar = "cara.ics"')).unread_calendars
        assert [line.split(": ")[1] for line in told] == ["person[1].calendar", "person[2].calendar"]


def test_all_faults_are_told_at_once(read: Read):
    with pytest.raises(ConfigurationError) as caught:
        read(("timezone", "timezon"), ("5 minutes", "often"), ("Mon-Fri", "Mo-Fr"))
    assert len(str(caught.value).splitlines()) == 3


class TestTheFile:
    def test_one_that_is_not_there(self, tmp_path: Path):
        with pytest.raises(ConfigurationError, match=r"No such file or directory\. Make one with `allears init`"):
            load(tmp_path / "nowhere.toml", {})

    def test_a_folder(self, tmp_path: Path):
        with pytest.raises(ConfigurationError, match="Is a directory"):
            load(tmp_path, {})

    def test_one_that_is_not_text(self, tmp_path: Path):
        (tmp_path / "odd.toml").write_bytes(b"name = '\xff'")
        with pytest.raises(ConfigurationError, match="not UTF-8 text"):
            load(tmp_path / "odd.toml", {})

    def test_one_that_is_not_toml(self, read: Read):
        with pytest.raises(ConfigurationError, match=r"not valid TOML: .*line 2"):
            read(('name = "Northwind Coffee"', "name = Northwind"))

    def test_no_source_and_nobody(self, tmp_path: Path):
        (tmp_path / "a.toml").write_text('source = []\nperson = []\n[business]\nname = "N"\n[routing]\ndefault = "person:A"\n')
        with pytest.raises(ConfigurationError) as caught:
            load(tmp_path / "a.toml", {})
        assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == ["source", "person"]


class TestReplies:
    SMTP = 'url = "smtp://mail.northwind.example"'

    def test_go_to_an_address_with_or_without_a_token(self, read: Read):
        for address in ("support+{token}@northwind.example", "support@northwind.example"):
            assert read((self.SMTP, f'{self.SMTP}\nreplies = "{address}"')).mail.replies == address

    @pytest.mark.parametrize(
        "address", ["support@{token}.example", "{token}{token}@northwind.example", "support+{token}", f"{24 * 'x'}{{token}}@n.example"]
    )
    def test_an_address_that_is_none(self, read: Read, address: str):
        with pytest.raises(ConfigurationError, match=r"mail\.replies: "):
            read((self.SMTP, f'{self.SMTP}\nreplies = "{address}"'))

    def test_that_no_source_reads(self, read: Read):
        with pytest.raises(ConfigurationError, match=r"mail\.replies: no \[\[source\]\] reads mail"):
            read((self.SMTP, f'{self.SMTP}\nreplies = "support@northwind.example"'), ('channel = "email"\nurl', 'channel = "file"\nurl'))


class TestSecrets:
    URL = ('url = "smtp://mail.northwind.example"', 'url = "smtp://allears:${SMTP_WORD}@mail.northwind.example"')

    def test_from_the_environment(self, read: Read):
        assert read(self.URL, SMTP_WORD="hush").mail.url == "smtp://allears:hush@mail.northwind.example"

    def test_from_a_file(self, read: Read, tmp_path: Path):
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "SMTP_WORD").write_text("hush\n")
        assert ":hush@" in read(self.URL, ALLEARS_SECRETS_DIR=str(tmp_path / "secrets")).mail.url

    def test_the_environment_goes_first(self, read: Read, tmp_path: Path):
        (tmp_path / "SMTP_WORD").write_text("file")
        assert ":env@" in read(self.URL, ALLEARS_SECRETS_DIR=str(tmp_path), SMTP_WORD="env").mail.url

    def test_a_name_that_nobody_set(self, read: Read):
        with pytest.raises(ConfigurationError, match=r":6: mail\.url: \$\{SMTP_WORD\} is set neither"):
            read(self.URL)

    def test_a_source_finds_its_own(self, read: Read):
        settings = read(ALLEARS_SUPPORT_PASSWORD="hush", ALLEARS_WEB_FORM_TOKEN="shh", ALLEARS_MAIL_PASSWORD="quiet")
        words = [section.password and section.password.get_secret_value() for section in (*settings.source, settings.mail)]
        assert words == ["hush", "shh", "quiet"]

    def test_one_in_the_file_is_kept(self, read: Read):
        settings = read(('url = "maildir:mail"', 'url = "maildir:mail"\npassword = "${OWN}"'), OWN="own", ALLEARS_SUPPORT_PASSWORD="other")
        assert settings.source[0].password is not None
        assert settings.source[0].password.get_secret_value() == "own"

    def test_settings_never_show_one(self, read: Read):
        assert "hush" not in repr(read(ALLEARS_SUPPORT_PASSWORD="hush"))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('channel = "form"', 'channel = "${WORD}"'),
            ('to = "team:billing"', 'to = "${WORD}"'),
            ('deputy = "Cara Diaz"', 'deputy = "${WORD}"'),
            ('default = "person:Cara Diaz"', 'default = "person:${WORD}"'),
            ('email = "ada@northwind.example"', 'email = "${WORD}"'),
            ('"Europe/London"', '"${WORD}"'),
            ('name = "web-form"', 'name = "web form"\npassword = "${WORD}"'),
        ],
    )
    def test_no_error_shows_one(self, read: Read, old: str, new: str):
        with pytest.raises(ConfigurationError) as caught:
            read((old, new), WORD="hush4711")
        assert "hush4711" not in str(caught.value)
        assert "hush4711" not in str(caught.value.__cause__)


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key of a section and of those within it, as it is written."""
    for name, field in model.model_fields.items():
        if not field.exclude:
            yield field.alias or name
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from keys(inner)


@pytest.mark.parametrize("key", sorted(set(keys(Settings))))
def test_every_setting_is_documented(key: str):
    assert re.search(rf"\b{key}\b", (ROOT / "docs" / "configuration.md").read_text("utf-8"))


def test_what_the_first_configuration_only_suggests_is_right_too(tmp_path: Path):
    text = (ROOT / "app" / "cli" / "starter.toml").read_text("utf-8")
    text = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(deputy|calendar|active) = .*$", "", text, flags=re.MULTILINE)  # nobody is there yet to stand in
    (tmp_path / "allears.toml").write_text(text)
    settings = load(tmp_path / "allears.toml", {"ALEX_CHAT": "json://chat.example"})
    assert (settings.person[0].takes_back, settings.alerts.at_once, len(settings.tag)) == (True, Urgency.HIGH, 1)
