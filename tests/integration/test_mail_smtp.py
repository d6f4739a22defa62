import ipaddress
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from allears.errors import AuthenticationError, RecordRejected, TransientError
from allears.mail.deliver import open_mailer
from allears.ports import Mailer
from allears.settings import MailSettings
from tests.integration.smtp_sink import SmtpSink, free_port, running_sink

ADA, CARA = "ada@northwind.example", "cara@northwind.example"
USER, PASSWORD = "allears@northwind.example", "pass:word/%40"

Open = Callable[..., Mailer]


def mail(key: str = "k1", *, copy_to: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "AllEars <allears@northwind.example>"
    message["To"] = f"Ada Brook <{ADA}>"
    if copy_to:
        message["Cc"] = copy_to
    message["Message-ID"] = f"<{key}@northwind.example>"
    message.set_content("Grüße, £27\n" + "x" * 2_000 + "\n.\nafter a dot", cte="quoted-printable")
    return message


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with running_sink() as sink:
        yield sink


@pytest.fixture
def mailer_for(tmp_path: Path) -> Iterator[Open]:
    opened: list[Mailer] = []

    def make(url: str, password: str | None = None) -> Mailer:
        secret = SecretStr(password) if password else None
        opened.append(open_mailer(MailSettings(url=url, password=secret), tmp_path))
        return opened[-1]

    yield make
    for mailer in opened:
        mailer.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AllEars tests")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the documentation tells those with an authority of their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def private_sink(certificate: Path) -> AbstractContextManager[SmtpSink]:
    """A submission server as most are: STARTTLS, then a login."""

    def knows(server: object, session: object, envelope: object, mechanism: str, credentials: object) -> AuthResult:
        known = isinstance(credentials, LoginPassword) and (credentials.login, credentials.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return running_sink(tls_context=context, require_starttls=True, authenticator=knows, auth_required=True)


def starttls(sink: SmtpSink, user: str = "allears%40northwind.example") -> str:
    return f"smtp+starttls://{user}@127.0.0.1:{sink.port}"


def test_mails_arrive_whole_over_one_connection(sink: SmtpSink, mailer_for: Open) -> None:
    mailer = mailer_for(sink.url)
    mailer.send(mail("k1"))
    mailer.send(mail("k2"))

    first, second = sink.received
    assert first.sender == "allears@northwind.example"
    assert first.recipients == (ADA,)
    assert first.message.get_content().splitlines() == mail("k1").get_content().splitlines()
    assert second.message["Message-ID"] == "<k2@northwind.example>"
    assert sink.connections == 1


def test_a_copy_goes_out_too(sink: SmtpSink, mailer_for: Open) -> None:
    mailer_for(sink.url).send(mail(copy_to=CARA))
    assert [each.recipients for each in sink.received] == [(ADA,), (CARA,)]
    assert sink.received[0].message["Cc"] == CARA


def test_the_same_mail_is_sent_once_even_by_another_process(sink: SmtpSink, mailer_for: Open) -> None:
    mailer_for(sink.url).send(mail("k1"))
    mailer_for(sink.url).send(mail("k1"))
    mailer_for(sink.url).send(mail("k2"))
    assert [each.message["Message-ID"] for each in sink.received] == ["<k1@northwind.example>", "<k2@northwind.example>"]


def test_a_line_cut_in_the_journal_harms_nothing(sink: SmtpSink, mailer_for: Open, tmp_path: Path) -> None:
    mailer_for(sink.url).send(mail("k1"))
    with (tmp_path / ".allears" / "delivered.log").open("ab") as journal:
        journal.write(b"\n<k2@northwind.exa")
    mailer_for(sink.url).send(mail("k2"))
    mailer_for(sink.url).send(mail("k2"))
    assert len(sink.received) == 2


def test_nothing_is_sent_that_could_not_be_noted(sink: SmtpSink, mailer_for: Open, tmp_path: Path) -> None:
    (tmp_path / ".allears").write_text("a file where the folder should be")
    with pytest.raises(TransientError, match="Nothing is sent"):
        mailer_for(sink.url).send(mail())
    assert not sink.received


def test_a_server_that_hung_up_is_called_again(sink: SmtpSink, mailer_for: Open) -> None:
    mailer = mailer_for(sink.url)
    mailer.send(mail("k1"))
    sink.hang_up()
    mailer.send(mail("k2"))
    assert len(sink.received) == 2
    assert sink.connections == 2


@pytest.mark.parametrize("answer", ["451 greylisted", "421 shutting down"])
def test_a_mail_put_off_is_tried_again(sink: SmtpSink, mailer_for: Open, answer: str) -> None:
    mailer = mailer_for(sink.url)
    sink.answers_to_recipient[ADA].append(answer)
    with pytest.raises(TransientError, match=answer):
        mailer.send(mail())
    mailer.send(mail())
    assert len(sink.received) == 1


def test_only_the_recipient_put_off_is_tried_again(sink: SmtpSink, mailer_for: Open) -> None:
    mailer = mailer_for(sink.url)
    sink.answers_to_recipient[ADA].append("451 greylisted")
    with pytest.raises(TransientError):
        mailer.send(mail(copy_to=CARA))
    mailer.send(mail(copy_to=CARA))
    assert [each.recipients for each in sink.received] == [(CARA,), (ADA,)]


def test_an_unknown_recipient_is_rejected_and_the_next_mail_goes_out(sink: SmtpSink, mailer_for: Open) -> None:
    mailer = mailer_for(sink.url)
    sink.answers_to_recipient[ADA].append("550 5.1.1 no such user")
    with pytest.raises(RecordRejected, match=f"{ADA}.*no such user"):
        mailer.send(mail("k1"))
    mailer.send(mail("k2"))
    assert len(sink.received) == 1


def test_a_mail_refused_after_its_text(sink: SmtpSink, mailer_for: Open) -> None:
    sink.answers_to_data.extend(["452 disk full", "554 too much"])
    mailer = mailer_for(sink.url)
    with pytest.raises(TransientError, match="disk full"):
        mailer.send(mail())
    with pytest.raises(RecordRejected, match="too much"):
        mailer.send(mail())


def test_nobody_listens(mailer_for: Open) -> None:
    mailer = mailer_for(f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(TransientError, match="cannot be reached: Connection refused"):
        mailer.send(mail())
    with pytest.raises(TransientError):
        mailer.check()


def test_check_sends_nothing(sink: SmtpSink, mailer_for: Open) -> None:
    assert mailer_for(sink.url).check() == f"127.0.0.1:{sink.port} takes mails"
    assert not sink.received


@pytest.mark.usefixtures("trusted")
def test_starttls_and_login(certificate: Path, mailer_for: Open) -> None:
    with private_sink(certificate) as sink:
        mailer = mailer_for(starttls(sink), PASSWORD)
        assert mailer.check().endswith(f"logged in as {USER}")
        mailer.send(mail())
        assert sink.received[0].recipients == (ADA,)
        assert sink.connections == 1


@pytest.mark.usefixtures("trusted")
def test_a_password_in_the_address_is_percent_decoded(certificate: Path, mailer_for: Open) -> None:
    with private_sink(certificate) as sink:
        mailer_for(starttls(sink, "allears%40northwind.example:pass%3Aword%2F%2540")).send(mail())
        assert len(sink.received) == 1


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_first_byte(certificate: Path, mailer_for: Open) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with running_sink(ssl_context=context) as sink:
        mailer_for(f"smtps://127.0.0.1:{sink.port}").send(mail())
        assert len(sink.received) == 1


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("password", ["wrong-secret", "päss-secret"])
def test_a_refused_login_says_what_to_do_and_keeps_the_secret(certificate: Path, mailer_for: Open, password: str) -> None:
    with private_sink(certificate) as sink, pytest.raises(AuthenticationError) as caught:
        mailer_for(starttls(sink), password).check()
    assert "secret" not in str(caught.value)
    assert "password" in str(caught.value)


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_login_nobody_gave(certificate: Path, mailer_for: Open) -> None:
    with private_sink(certificate) as sink, pytest.raises(AuthenticationError, match=r"refuses the login.*530"):
        mailer_for(f"smtp+starttls://127.0.0.1:{sink.port}").send(mail())


def test_a_certificate_nobody_signed_is_not_trusted(certificate: Path, mailer_for: Open) -> None:
    with private_sink(certificate) as sink:
        with pytest.raises(TransientError, match="certificate is not trusted"):
            mailer_for(starttls(sink), PASSWORD).send(mail())
        assert not sink.received


def test_a_server_without_starttls_gets_no_password(sink: SmtpSink, mailer_for: Open) -> None:
    with pytest.raises(AuthenticationError, match="offers no STARTTLS"):
        mailer_for(starttls(sink), PASSWORD).send(mail())


def test_a_server_without_login(sink: SmtpSink, mailer_for: Open) -> None:
    with pytest.raises(AuthenticationError, match="offers no login"):
        mailer_for(f"smtp://allears@127.0.0.1:{sink.port}", PASSWORD).check()
