"""A configuration is read, or every fault in it is told with its line, its key and the nearest right word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from allears.domain.feedback import Channel, Urgency
from allears.domain.people import Absence
from allears.errors import ConfigurationError
from allears.settings import Settings, load
from allears.toml_lines import line_of

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
        assert (settings.targets.of(Urgency.CRITICAL), settings.targets.of(Urgency.HIGH)) == (timedelta(minutes=30), timedelta(hours=2))
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
        ("[routing]\n", '[service]\nport = "8700"\n[routing]\n', 42, "service.port: Input should be a valid integer"),
        ("[routing]\n", "[service]\nport = 8501\n[routing]\n", 42, "service.port: 8501 is another server's port already"),
        ("[routing]\n", '[store]\npath = "ducklake:postgres:x"\n[routing]\n', 42, "store.path: a DuckLake cannot be attached yet"),
        ('deputy = "Cara Diaz"', 'deputy = "Ada Brook"', 22, "person[1].deputy: 'Ada Brook' cannot be their own deputy"),
        ("until = 2027-01-02", "until = 2026-12-01", 25, "until (2026-12-01) comes before from (2026-12-24)"),
    ],
)
def test_a_fault_names_its_line_its_key_and_the_mend(read: Read, tmp_path: Path, old: str, new: str, line: int, told: str):
    with pytest.raises(ConfigurationError) as caught:
        read((old, new))
    assert f"{tmp_path / 'allears.toml'}:{line}: " in str(caught.value)
    assert told in str(caught.value)


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


class TestLines:
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
    def test_where_a_key_stands(self, where: tuple[str | int, ...], line: int):
        assert line_of(self.TEXT, where) == line
