import io
import multiprocessing
import signal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from allears.errors import ConfigurationError, TransientError
from allears.mail.deliver import ConsoleMailer, open_mailer
from allears.mail.maildir import MaildirMailer
from allears.settings import MailSettings


def mail(key: str = "k1") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "AllEars <allears@northwind.example>", "Ada Brook <ada@northwind.example>"
    message["Subject"], message["Message-ID"] = "Grüße", f"<{key}@northwind.example>"
    message.set_content("£27 twice")
    return message


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_mail_is_one_whole_file(tmp_path: Path) -> None:
    mailer = open_mailer(MailSettings(url="maildir:out/box"), tmp_path)
    mailer.send(mail())
    [name] = files(tmp_path / "out" / "box")
    assert name.startswith("new/")
    read = message_from_bytes((tmp_path / "out" / "box" / name).read_bytes(), policy=policy.default)
    assert (read["Subject"], read.get_content()) == ("Grüße", "£27 twice\n")


def test_the_same_mail_again_leaves_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        MaildirMailer(tmp_path).send(mail("k1"))
    MaildirMailer(tmp_path).send(mail("k2"))
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("flags", ["", ":2,", ":2,RS"])
def test_a_mail_that_was_read_already_does_not_come_back(tmp_path: Path, flags: str) -> None:
    MaildirMailer(tmp_path).send(mail())
    [name] = files(tmp_path)
    (tmp_path / name).rename(tmp_path / "cur" / (Path(name).name + flags))
    MaildirMailer(tmp_path).send(mail())
    assert len(files(tmp_path)) == 1


def test_a_kill_at_any_moment_leaves_whole_files_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for delay in (0.0, 0.002, 0.005, 0.01, 0.02):
        process = context.Process(target=_send_many, args=(tmp_path,))
        process.start()
        process.join(delay)
        process.kill()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
    _send_many(tmp_path)
    delivered = list((tmp_path / "new").iterdir())
    assert len(delivered) == 40
    assert {path.read_bytes()[-10:] for path in delivered} == {mail().as_bytes()[-10:]}


def _send_many(folder: Path) -> None:
    for number in range(40):
        MaildirMailer(folder).send(mail(f"k{number}"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    mailer = open_mailer(MailSettings(), tmp_path)
    with pytest.raises(ConfigurationError, match=r"mail\.url.*outbox"):
        mailer.check()
    with pytest.raises(TransientError, match="outbox"):
        mailer.send(mail())


def test_check_of_a_folder_changes_nothing(tmp_path: Path) -> None:
    assert open_mailer(MailSettings(), tmp_path).check() == f"mails go to the folder {tmp_path / 'outbox'}"
    assert not list(tmp_path.iterdir())


def test_the_console_shows_a_mail_as_one_reads_it() -> None:
    out = io.StringIO()
    ConsoleMailer(out).send(mail())
    assert out.getvalue().startswith(
        "From: AllEars <allears@northwind.example>\nTo: Ada Brook <ada@northwind.example>\nSubject: Grüße\n\n£27 twice\n"
    )


def test_opening_touches_nothing(tmp_path: Path) -> None:
    for url in ("maildir:outbox", "console:", "smtp://mail.example.org", "smtps://u:p@mail.example.org:465/"):
        open_mailer(MailSettings(url=url), tmp_path).close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("maildir:", "maildir:FOLDER"),
        ("smtp:", "names no server"),
        ("smtps://mail.example.org:hunter2", "not an address"),
        ("smtp://u:hunter2@mail.example.org/inbox", "%2F"),
        ("smtp://u:hunter2@" + "x" * 70 + ".example", "not an address"),
        ("smtp://:hunter2@mail.example.org", "no user"),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(tmp_path: Path, url: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"mail\.url") as caught:
        open_mailer(MailSettings(url=url), tmp_path)
    assert text in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_password_without_a_user_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no user"):
        open_mailer(MailSettings(url="smtp://mail.example.org", password=SecretStr("hunter2")), tmp_path)
