"""The mail server of `SMTP_URL`: `smtp://user:password@host:587`, `smtps://…`, `smtp+starttls://…`."""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from core.errors import DomainError
from core.i18n import N_

_TIMEOUT = 60
#: Lines end as SMTP wants; headers are hardly folded, for Python loses blanks where it folds words with accents.
_WIRE = SMTP.clone(max_line_length=900)
_PORTS = {"smtp": 587, "smtp+starttls": 587, "smtps": 465}
_HERE = ("localhost", "127.0.0.1", "::1")


class NoMailServer(DomainError):
    message = N_("No hay servidor de correo: ponga su dirección en SMTP_URL. Los correos esperan en la lista.")


class MailServerNotValid(DomainError):
    message = N_("SMTP_URL no es la dirección de un servidor de correo: smtp://usuario:clave@servidor:587 o smtps://…")


class MailServerSilent(DomainError):
    message = N_("El servidor de correo {host} no responde: {reason}. Los correos esperan en la lista.")


class MailServerInsecure(DomainError):
    message = N_("El servidor de correo {host} no cifra la conexión; no se le manda la contraseña. Use smtps://")


class MailServerRefuses(DomainError):
    message = N_("El servidor de correo {host} no acepta el usuario: {reason}. Revise SMTP_URL.")


class Server(NamedTuple):
    """Where mail is handed in. `secure`: `tls` from the start, `starttls` demanded, or `""` when it is offered."""

    host: str
    port: int
    user: str
    password: str
    secure: str


def server(url: str) -> Server:
    """The server that `SMTP_URL` names; NoMailServer when it is blank, MailServerNotValid when it is no such thing."""
    if not url.strip():
        raise NoMailServer
    parts = urlsplit(url.strip())
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise MailServerNotValid from error
    if not parts.hostname or (parts.path or "/") != "/" or parts.query or parts.fragment:
        raise MailServerNotValid
    secure = {"smtps": "tls", "smtp+starttls": "starttls"}.get(parts.scheme, "")
    return Server(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), secure)


class Refused(Exception):  # told apart, never shown
    """The server did not take a message: `for_good`, or perhaps later. `reason` is what it said."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.reason, self.for_good = reason, for_good


class Unknown(Exception):  # told apart, never shown
    """The connection was lost while the message was handed over: nobody knows whether the server has it."""


class Mailer:
    """An open connection that takes messages one by one."""

    def __init__(self, client: smtplib.SMTP, host: str) -> None:
        self._client, self.host = client, host

    def send(self, message: EmailMessage, *, sender: str, to: Sequence[str]) -> None:
        """Hands a message over, to all of `to` or to nobody. Raises Refused, Unknown, MailServerSilent."""
        try:
            self._envelope(sender, to)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise MailServerSilent(host=self.host, reason=said(error)) from error
        try:
            code, answer = self._client.data(message.as_bytes(policy=_WIRE))
        except smtplib.SMTPDataError as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unknown from error
        if code != 250:
            raise self._refused(code, answer)

    def _envelope(self, sender: str, to: Sequence[str]) -> None:
        code, answer = self._client.mail(sender)
        if code != 250:
            raise self._refused(code, answer)
        for address in to:
            code, answer = self._client.rcpt(address)
            if code not in (250, 251):
                raise self._refused(code, answer)

    def _refused(self, code: int, answer: bytes | str) -> Refused:
        with suppress(smtplib.SMTPException, OSError):  # a connection that is gone is told by the next message
            self._client.rset()
        return Refused(f"{code} {said(answer)}", for_good=code >= 500)


@contextmanager
def connected(to: Server) -> Iterator[Mailer]:
    """A connection, encrypted where the server can, signed in where there is a user."""
    try:
        client = _client(to)
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerRefuses(host=to.host, reason=said(error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerSilent(host=to.host, reason=said(error)) from error
    try:
        yield Mailer(client, to.host)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()
        client.close()


def _client(to: Server) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if to.secure == "tls":
        client: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=_TIMEOUT, context=trusted)
    else:
        client = smtplib.SMTP(to.host, to.port, timeout=_TIMEOUT)
    try:
        client.ehlo_or_helo_if_needed()
        encrypted = to.secure == "tls"
        if to.secure == "starttls" or (not encrypted and client.has_extn("starttls")):
            client.starttls(context=trusted)
            client.ehlo()
            encrypted = True
        if to.user:
            if not encrypted and to.host not in _HERE:
                raise MailServerInsecure(host=to.host)
            client.login(to.user, to.password)
    except BaseException:
        client.close()
        raise
    return client


def said(error: object) -> str:
    """What a server or the system said, in one line."""
    if isinstance(error, bytes):
        text = error.decode("utf-8", "replace")
    elif isinstance(error, (TimeoutError, socket.timeout)):
        text = "timeout"
    elif isinstance(error, OSError) and error.strerror:
        text = error.strerror
    else:
        text = str(error)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:300] or "?"
