"""Sending what waits, with a real SMTP server on this machine."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from sqlalchemy import select, update
from sqlmodel import col

from core import clock
from core.auth.actor import Role, system
from core.clock import now
from core.config import config
from core.db import reading, transaction
from core.errors import NotAllowed
from core.outbox import words
from core.outbox.mending import MessageGone, cancel, correct_address, retry
from core.outbox.models import Message, MessageFile, MessageStatus
from core.outbox.queueing import queue
from core.outbox.sending import File, Made, send_waiting
from core.outbox.smtp import MailServerNotValid, MailServerRefuses, MailServerSilent, NoMailServer, server
from core.policies.settings import set_setting
from tests.build import an_actor, an_event


class Post:
    """A post office: keeps what it takes; `answers` are given to the next messages instead."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], Any]] = []
        self.answers: list[str] = []
        self.unknown: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


class _Dropping(SMTP):
    """A server that hangs up in the middle of a message."""

    async def smtp_DATA(self, arg: str) -> None:
        self.transport.close()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    office = Post()
    controller = Controller(office, hostname="127.0.0.1", port=_free())
    controller.start()
    _point_at(monkeypatch, f"smtp://127.0.0.1:{controller.port}")
    yield office
    controller.stop()
    config.cache_clear()


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _point_at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    config.cache_clear()


def write(to: str = "ana@cliente.mx", subject: str = "Hola", source_id: int = 1, **fields: Any) -> int:
    with transaction() as session:
        set_setting(session, system(), key="company.name", value="Aceros\tdel Norte")
        return queue(
            session, kind="test", source_id=source_id, event_id=an_event(session), customer_id=None, to_address=to,
            language="es", subject=subject, body="Buenos días", **fields,
        )  # fmt: skip


def send(makers=None, **options):
    return send_waiting(system(), makers or {}, **options)


def look(id_: int) -> Message:
    with reading() as session:
        return session.get_one(Message, id_)


def later(minutes: int):
    return clock.standing(now() + timedelta(minutes=minutes))


def test_a_message_goes_out_once(database, post):
    id_ = write("ana@cliente.mx; luis@cliente.mx")
    assert send() == (1, 0, 0, 0)
    assert send() == (0, 0, 0, 0)
    [(to, email)] = post.taken
    assert to == ["ana@cliente.mx", "luis@cliente.mx"]
    assert (email["Subject"], email["Message-ID"]) == ("Hola", f"<{look(id_).message_key}@localhost.localdomain>")
    assert email["From"].addresses[0].display_name == "Aceros del Norte"
    assert email.get_content().strip() == "Buenos días"
    sent = look(id_)
    assert (sent.status, sent.tries, sent.last_error) == ("sent", 1, None)
    assert sent.sent_at is not None


def test_attachments_go_out_and_are_kept_as_they_went(database, post):
    id_ = write()
    made = Made("Carta", "Adjunta", [File("carta ñ.pdf", "application/pdf", b"%PDF-1")])
    assert send({"test": lambda *_: made}).sent == 1
    [part] = list(post.taken[0][1].iter_attachments())
    assert (part.get_filename(), part.get_content()) == ("carta ñ.pdf", b"%PDF-1")
    with reading() as session:
        kept = session.scalars(select(MessageFile).where(col(MessageFile.message_id) == id_)).one()
    assert (kept.name, kept.content, look(id_).subject) == ("carta ñ.pdf", b"%PDF-1", "Carta")


def test_what_is_attached_arrives_byte_by_byte(database, post):
    write()
    content, body = bytes(range(256)) * 800, "Señor " * 400 + "\n.\n..fin"
    assert send({"test": lambda *_: Made("Año " * 40, body, [File("a.pdf", "application/pdf", content)])}).sent == 1
    email = post.taken[0][1]
    assert next(iter(email.iter_attachments())).get_content() == content
    assert email.get_body().get_content().replace("\r\n", "\n").strip() == body
    assert email["Subject"] == " ".join(("Año " * 40).split())


def test_a_temporary_refusal_is_tried_again_after_a_while(database, post):
    id_ = write()
    post.answers = ["451 4.3.0 greylisted"]
    assert send().again == 1
    waiting = look(id_)
    assert (waiting.status, waiting.tries, waiting.last_error) == ("queued", 1, "451 4.3.0 greylisted")
    assert send().sent == 0, "not before its time"
    with later(6):
        assert send().sent == 1
    assert look(id_).tries == 2


def test_waits_grow_and_after_the_last_try_it_is_given_up(database, post):
    with transaction() as session:
        set_setting(session, system(), key="outbox.max_tries", value="3")
    id_ = write()
    post.answers = ["451 no"] * 3
    waits = []
    at = 0
    for _ in range(3):
        with later(at):
            before = now()
            send()
            when = look(id_).next_try_at
            waits.append(when and round((when - before).total_seconds() / 60))
        at += 16 + at
    assert waits == [5, 15, None]
    assert (look(id_).status, look(id_).last_error) == ("failed", "451 no")


def test_an_address_that_does_not_exist_fails_at_once_and_can_be_corrected(database, post):
    id_ = write("nadie@cliente.mx")
    post.unknown = {"nadie@cliente.mx"}
    assert send().failed == 1
    assert (look(id_).status, look(id_).last_error) == ("failed", "550 5.1.1 no such user")
    with transaction() as session:
        correct_address(session, system(), message_id=id_, to_address="Ana@cliente.mx")
    assert send().sent == 1
    assert post.taken[0][0] == ["Ana@cliente.mx"]


def test_one_bad_address_does_not_stop_the_others(database, post):
    write("nadie@cliente.mx", source_id=1)
    write(source_id=2)
    post.unknown = {"nadie@cliente.mx"}
    assert send()[:3] == (1, 0, 1)


def test_of_several_addresses_all_get_it_or_nobody(database, post):
    write("ana@cliente.mx, nadie@cliente.mx")
    post.unknown = {"nadie@cliente.mx"}
    assert send().failed == 1
    assert post.taken == []


def test_without_an_address_it_is_held_and_says_so(database, post):
    id_ = write("")
    assert send() == (0, 0, 0, 0)
    assert (look(id_).status, words.why_not(look(id_).last_error)[:27]) == ("held", "El cliente no tiene correo.")


def test_when_nobody_answers_all_wait_and_say_why(database, monkeypatch):
    _point_at(monkeypatch, "smtp://127.0.0.1:9")
    id_ = write()
    with pytest.raises(MailServerSilent):
        send()
    waiting = look(id_)
    assert (waiting.status, waiting.tries, waiting.last_error) == ("queued", 0, words.NOBODY_ANSWERS)
    config.cache_clear()


def test_without_a_server_nothing_is_lost(database):
    id_ = write()
    with pytest.raises(NoMailServer):
        send()
    assert look(id_).status == "queued"


def test_a_connection_lost_over_a_message_leaves_it_to_a_person(database, monkeypatch):
    class Dropping(Controller):
        def factory(self) -> SMTP:
            return _Dropping(self.handler)

    controller = Dropping(Post(), hostname="127.0.0.1", port=_free())
    controller.start()
    _point_at(monkeypatch, f"smtp://127.0.0.1:{controller.port}")
    try:
        first, second = write(source_id=1), write(source_id=2)
        with pytest.raises(MailServerSilent):
            send()
    finally:
        controller.stop()
        config.cache_clear()
    assert (look(first).status, look(first).last_error) == ("failed", words.INTERRUPTED)
    assert look(second).status == "queued"


def test_a_job_killed_half_way_neither_loses_nor_repeats(database, post, monkeypatch):
    id_ = write()

    class Killed(BaseException):
        pass

    def killed(*_args, **_options):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("core.outbox.smtp.Mailer.send", killed)
        with pytest.raises(Killed):
            send()
    assert look(id_).status == "sending"
    assert send() == (0, 0, 0, 0), "perhaps another job has it in its hands"
    with later(20):
        send()
    assert (look(id_).status, look(id_).last_error) == ("failed", words.INTERRUPTED)
    with transaction() as session:
        retry(session, system(), message_id=id_)
    assert send().sent == 1
    assert len(post.taken) == 1


def test_two_jobs_at_once_send_each_message_once(database, post):
    from concurrent.futures import ThreadPoolExecutor

    for at in range(12):
        write(source_id=at)
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: send(), range(3)))
    assert sum(one.sent for one in results) == 12
    assert len({email["Message-ID"] for _to, email in post.taken}) == len(post.taken) == 12


def test_a_limit_leaves_the_rest_waiting(database, post):
    for at in range(3):
        write(source_id=at)
    assert send(limit=2) == (2, 0, 0, 1)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("Saldo\r\nBcc: espia@x.mx", "Saldo Bcc: espia@x.mx"), ("Año\u2028nuevo", "Año nuevo")],
)
def test_line_breaks_smuggle_no_header_in(database, post, subject, shown):
    write(subject=subject)
    send()
    email = post.taken[0][1]
    assert (email["Subject"], email["Bcc"]) == (shown, None)


@pytest.mark.parametrize(
    "address", ["ana@", "ana", "ana@x.mx\r\nRCPT TO:<b@x.mx>", "<ana@x.mx>", "a b@x.mx", "a@-x.mx", "a@x..mx"]
)
def test_what_is_no_address_is_held(database, address):
    assert look(write(address)).status == "held"


def test_a_domain_with_accents_is_written_as_the_post_knows_it(database, post):
    write("ana@señal.mx")
    send()
    assert post.taken[0][0] == ["ana@xn--seal-hqa.mx"]


def test_what_went_out_cannot_be_cancelled(database, post):
    id_ = write()
    send()
    with pytest.raises(MessageGone), transaction() as session:
        cancel(session, system(), message_id=id_)


def test_a_cancelled_message_stays_home(database, post):
    id_ = write()
    with transaction() as session:
        cancel(session, system(), message_id=id_)
    assert send().sent == 0
    assert look(id_).status == MessageStatus.CANCELLED


def test_too_large_a_message_is_not_offered_to_the_server(database, post):
    write()
    big = Made("x", "y", [File("a.pdf", "application/pdf", b"x" * 16_000_000)])
    assert send({"test": lambda *_: big}).failed == 1
    assert post.taken == []


def test_the_server_wants_a_password(database, monkeypatch):
    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == b"s:e/c@", handled=False)

    office = Post()
    controller = Controller(
        office, hostname="127.0.0.1", port=_free(), authenticator=known, auth_required=True, auth_require_tls=False
    )
    controller.start()
    port = controller.port
    try:
        write()
        _point_at(monkeypatch, f"smtp://cobranza%40acero.mx:wrong@127.0.0.1:{port}")
        with pytest.raises(MailServerRefuses):
            send()
        _point_at(monkeypatch, f"smtp://cobranza%40acero.mx:s%3Ae%2Fc%40@127.0.0.1:{port}")
        assert send().sent == 1
    finally:
        controller.stop()
        config.cache_clear()
    assert office.taken[0][1]["From"].addresses[0].addr_spec == "cobranza@acero.mx"


def test_only_who_runs_the_night_sends(database):
    with pytest.raises(NotAllowed):
        send_waiting(an_actor(Role.COLLECTOR), {})


def test_rows_of_the_outbox_are_never_deleted_nor_their_facts_changed(database):
    id_ = write()
    for statement in (f"DELETE FROM outbox_message WHERE id = {id_}", "UPDATE outbox_message SET message_key = 'x'"):
        from sqlalchemy import text
        from sqlalchemy.exc import DatabaseError

        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(text(statement))
    with transaction() as session:
        session.execute(update(Message).values(to_address="b@x.mx"))


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x:abc", "mail.x.mx", "smtp://x/y", "smtps://h:1?x=1"])
def test_an_smtp_url_that_is_none_is_refused(url):
    with pytest.raises(MailServerNotValid):
        server(url)


def test_smtp_urls_say_how_the_connection_is_kept_secret():
    assert server("smtps://a:b@mail.x.mx") == ("mail.x.mx", 465, "a", "b", "tls")
    assert server("smtp+starttls://mail.x.mx:2525")[1::3] == (2525, "starttls")
    assert server("smtp://mail.x.mx")[1::3] == (587, "")
