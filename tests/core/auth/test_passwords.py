"""What is accepted as a password, and how it is kept."""

import pytest

from core.auth import passwords
from core.errors import DomainError, SeveralRefusals


@pytest.mark.parametrize(
    "password",
    ["caballo batería grapa", "Una-clave-larga-2026", "x7$kQ!m2Zp9w", "La luna llega tarde"],
)
def test_good_passwords_are_accepted(password):
    passwords.check(password, name="ana")


def test_a_drawn_password_is_a_good_one():
    password = passwords.drawn()
    passwords.check(password, name="ana")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("corta", passwords.PasswordTooShort),
        ("x" * 11, passwords.PasswordTooShort),
        ("Abc1 " * 13, passwords.PasswordTooLong),
        ("ñandú-" * 11, passwords.PasswordTooLong),
        ("clave con \0 nulo", passwords.PasswordTooLong),
        ("ana.trevino-2026", passwords.PasswordNamesTheUser),
        ("ana trevino ANA TREVINO", passwords.PasswordNamesTheUser),
        ("password12345", passwords.PasswordTooCommon),
        ("contraseña2026", passwords.PasswordTooCommon),
        ("qwertyuiop12", passwords.PasswordTooCommon),
        ("123456789012", passwords.PasswordTooCommon),
        ("aaaaaaaaaaaaaa", passwords.PasswordTooCommon),
        ("abcabcabcabc", passwords.PasswordTooCommon),
    ],
)
def test_poor_passwords_are_refused_with_their_reason(password, reason):
    with pytest.raises(SeveralRefusals) as refused:
        passwords.check(password, name="ana.trevino")
    assert reason in [type(one) for one in refused.value.reasons]


def test_all_reasons_are_told_at_once():
    with pytest.raises(DomainError) as refused:
        passwords.check("ana", name="ana")
    assert len(refused.value.lines()) == 2


def test_64_characters_fit_and_65_do_not():
    phrase = "Luna 7, " * 8
    passwords.check(phrase, name="ana")
    with pytest.raises(SeveralRefusals):
        passwords.check(phrase + "x", name="ana")


def test_only_the_right_password_matches():
    kept = passwords.hashed("La luna llega tarde")
    assert passwords.matches("La luna llega tarde", kept)
    assert not passwords.matches("la luna llega tarde", kept)
    assert not passwords.matches("La luna llega tarde" * 20, kept)
    assert not passwords.matches("", kept)
    assert not passwords.matches("cualquiera", None)


def test_drawn_passwords_differ_and_pass_the_rules():
    drawn = {passwords.drawn() for _ in range(50)}
    assert len(drawn) == 50
    assert {len(one) for one in drawn} == {19}
