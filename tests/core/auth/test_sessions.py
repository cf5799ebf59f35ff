"""Signing in and out, sessions that end, and guessing that takes longer and longer."""

from datetime import timedelta

import bcrypt
import pytest
from sqlmodel import col, select

from core import db
from core.audit.models import AuditEvent
from core.auth import attempts, passwords, sessions, users
from core.auth.actor import Actor, Role, system
from core.auth.models import LoginAttempt, LoginSession, User
from core.auth.queries import IDLE, LIFE, actor_of, sessions_of
from core.clock import now
from core.errors import NotAllowed

PASSWORD = "Una-clave-larga-2026"


@pytest.fixture
def ana(database, monkeypatch) -> Actor:
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    passwords._nobodys.cache_clear()
    with db.transaction() as session:
        user = users.create_user(session, system(), name="ana", role=Role.CASHIER, password=PASSWORD)
        return actor_of(user)


def signed_in(**options) -> str:
    return sessions.sign_in(name="ana", password=PASSWORD, **options)


def fail(name="ana", **options):
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in(name=name, password="no es esta clave", **options)


def test_the_key_leads_to_the_user_and_is_not_kept(ana):
    key = signed_in(address="10.0.0.7", device="Firefox")
    assert sessions.principal(key) == ana
    with db.reading() as session:
        kept = session.scalars(select(LoginSession)).one()
    assert key not in (kept.key_hash, kept.device)
    assert (kept.address, kept.device) == ("10.0.0.7", "Firefox")


@pytest.mark.parametrize("key", [None, "", "x", "'; DROP TABLE login_session; --"])
def test_no_other_key_leads_anywhere(ana, key):
    signed_in()
    assert sessions.visitor(key) is None


def test_the_name_may_be_written_in_capitals_and_with_blanks(ana):
    assert sessions.principal(sessions.sign_in(name=" ANA ", password=PASSWORD)) == ana


def test_a_user_who_does_not_exist_is_refused_alike_and_as_slowly(ana, monkeypatch):
    compared = []
    real = bcrypt.checkpw

    def watched(password, kept):
        compared.append(kept)
        return real(password, kept)

    monkeypatch.setattr(bcrypt, "checkpw", watched)
    with pytest.raises(sessions.SignInRefused) as known:
        sessions.sign_in(name="ana", password="no es esta clave")
    with pytest.raises(sessions.SignInRefused) as unknown:
        sessions.sign_in(name="nadie", password="no es esta clave")
    assert str(known.value) == str(unknown.value)
    assert [kept[:7] for kept in compared] == [b"$2b$04$"] * 2


def test_signing_out_ends_the_session_for_good(ana):
    key = signed_in()
    with db.transaction() as session:
        sessions.sign_out(session, ana, key=key)
    assert sessions.principal(key) is None
    with db.transaction() as session:
        sessions.sign_out(session, ana, key=key)


def moved(**values):
    with db.transaction() as session:
        login = session.scalars(select(LoginSession)).one()
        for name, value in values.items():
            setattr(login, name, value)


def test_a_session_ends_after_half_an_hour_without_use(ana):
    key = signed_in()
    moved(seen_at=now() - IDLE + timedelta(minutes=1))
    assert sessions.principal(key)
    moved(seen_at=now() - IDLE - timedelta(seconds=1))
    assert sessions.principal(key) is None


def test_a_session_ends_after_twelve_hours_of_use(ana):
    key = signed_in()
    moved(created_at=now() - LIFE - timedelta(seconds=1), seen_at=now())
    assert sessions.principal(key) is None


def test_a_session_ends_with_the_accounts_version(ana):
    key = signed_in()
    with db.transaction() as session:
        session.scalars(select(User)).one().auth_version += 1
    assert sessions.principal(key) is None


def test_last_use_is_written_at_most_once_a_minute(ana):
    key, before = signed_in(), now() - timedelta(seconds=30)
    moved(seen_at=before)
    sessions.visitor(key)
    with db.reading() as session:
        assert session.scalars(select(LoginSession)).one().seen_at == before
    moved(seen_at=now() - timedelta(minutes=5))
    sessions.visitor(key)
    with db.reading() as session:
        assert now() - session.scalars(select(LoginSession)).one().seen_at < timedelta(minutes=1)


def test_a_screen_does_not_wait_for_who_is_writing(ana):
    key = signed_in()
    moved(seen_at=now() - timedelta(minutes=5))
    with db.transaction(alone=True):
        start = now()
        assert sessions.principal(key)
        assert now() - start < timedelta(seconds=2)


def test_one_may_end_ones_own_sessions_and_no_others(ana):
    key = signed_in()
    with db.transaction() as session:
        users.create_user(session, system(), name="beto", role=Role.CASHIER, password=PASSWORD)
    with db.reading() as session:
        [row] = sessions_of(session, ana, name="ana")
    beto = Actor(2, "beto", Role.CASHIER)
    with db.transaction() as session, pytest.raises(NotAllowed):
        sessions.revoke(session, beto, session_id=row.id)
    assert sessions.principal(key)
    with db.transaction() as session:
        sessions.revoke(session, ana, session_id=row.id)
    assert sessions.principal(key) is None
    with db.transaction() as session, pytest.raises(sessions.SessionNotFound):
        sessions.revoke(session, system(), session_id=row.id)


def test_failures_stay_counted_though_the_sign_in_is_refused(ana):
    for _ in range(attempts.FREE_BY_USER):
        fail()
    with pytest.raises(attempts.TooManyAttempts, match="segundos"):
        signed_in()


def test_the_right_password_ends_the_count(ana):
    for _ in range(attempts.FREE_BY_USER - 1):
        fail()
    signed_in()
    fail()
    signed_in()


def test_waiting_lets_one_in_again_and_failing_again_waits_longer(ana, monkeypatch):
    for _ in range(attempts.FREE_BY_USER):
        fail()
    at = now() + timedelta(seconds=6)
    monkeypatch.setattr(attempts, "now", lambda: at)
    fail()
    with pytest.raises(attempts.TooManyAttempts) as refused:
        signed_in()
    assert refused.value.facts["seconds"] == 10
    at += timedelta(seconds=11)
    signed_in()


def test_a_new_password_need_not_wait_for_what_failed_before(ana):
    """The refusal says so: wait, or ask for a password for a single use."""
    for _ in range(attempts.FREE_BY_USER):
        fail()
    with db.transaction() as session:
        drawn = users.reset_password(session, system(), name="ana")
    assert sessions.visitor(sessions.sign_in(name="ana", password=drawn)).must_change


def test_names_that_nobody_has_wait_too(ana):
    for _ in range(attempts.FREE_BY_USER):
        fail("nadie")
    with pytest.raises(attempts.TooManyAttempts):
        sessions.sign_in(name="nadie", password=PASSWORD)
    signed_in()


def test_an_address_that_tries_many_names_waits(ana):
    for place in range(attempts.FREE_BY_ADDRESS):
        fail(f"nadie{place}", address="10.0.0.7")
    with pytest.raises(attempts.TooManyAttempts):
        signed_in(address="10.0.0.7")
    signed_in(address="10.0.0.8")


def test_ones_own_account_does_not_clear_the_count_of_the_address(ana):
    for place in range(attempts.FREE_BY_ADDRESS - 2):
        fail(f"nadie{place}", address="10.0.0.7")
    signed_in(address="10.0.0.7")
    fail("uno", address="10.0.0.7")
    fail("dos", address="10.0.0.7")
    with pytest.raises(attempts.TooManyAttempts):
        signed_in(address="10.0.0.7")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (3, 0), (4, 5), (5, 10), (6, 20), (11, 640), (12, 900), (10_000, 900)]
)
def test_the_wait_grows_and_never_passes_a_quarter_of_an_hour(failures, seconds):
    assert attempts.delay(failures, attempts.FREE_BY_USER) == timedelta(seconds=seconds)


def test_what_was_typed_is_not_kept(ana):
    """People type their password into the wrong box."""
    fail("mi contraseña secreta")
    with db.reading() as session:
        kept = [str(one.model_dump()) for table in (AuditEvent, LoginAttempt) for one in session.scalars(select(table))]
    assert not any("secreta" in one for one in kept)


def test_signing_in_failing_and_out_are_in_the_log(ana):
    fail()
    key = signed_in()
    with db.transaction() as session:
        sessions.sign_out(session, ana, key=key)
    with db.reading() as session:
        found = [one.action for one in session.scalars(select(AuditEvent).order_by(col(AuditEvent.id)))]
    assert found == ["user.created", "user.refused", "user.signed_in", "user.signed_out"]
