"""Passwords: what is accepted, how they are kept (bcrypt), and those that are drawn for a single use."""

import re
import secrets
from functools import cache
from pathlib import Path

import bcrypt

from core.errors import DomainError, SeveralRefusals
from core.i18n import N_

#: The cost of bcrypt; the same for users who do not exist, so that time tells nothing.
ROUNDS = 12
SHORTEST = 12
LONGEST = 64
#: bcrypt reads no further; a letter with an accent takes two.
MOST_BYTES = 72

#: Without 0, O, 1, l and I: a one-time password is read from a screen or over the telephone.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

#: What people choose first, in this trade and this country too.
_COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
_ROWS = (
    "01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm", "qwertyuiop", "asdfghjklñ", "zxcvbnm", "poiuytrewq", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)  # fmt: skip


class PasswordTooShort(DomainError):
    message = N_("La contraseña necesita al menos {shortest} caracteres; sirve una frase de varias palabras.")


class PasswordTooLong(DomainError):
    message = N_("La contraseña puede tener hasta {longest} caracteres (los acentos cuentan doble). Use una más corta.")


class PasswordNamesTheUser(DomainError):
    message = N_("La contraseña no puede ser el nombre de usuario. Elija otra.")


class PasswordTooCommon(DomainError):
    message = N_("Esa contraseña es de las primeras que alguien probaría. Elija otra: cuatro palabras al azar sirven.")


def check(password: str, *, name: str) -> None:
    """Refuses, with all its reasons, a password that `name` should not have."""
    reasons: list[DomainError] = []
    if len(password) < SHORTEST:
        reasons.append(PasswordTooShort(shortest=SHORTEST))
    if len(password) > LONGEST or len(password.encode()) > MOST_BYTES or "\0" in password:
        reasons.append(PasswordTooLong(longest=LONGEST))
    if _is_the_name(password, name):
        reasons.append(PasswordNamesTheUser())
    elif not reasons and _is_common(password):
        reasons.append(PasswordTooCommon())
    if reasons:
        raise SeveralRefusals(reasons)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _is_the_name(password: str, name: str) -> bool:
    """The user's name, once or several times, with or without figures and signs around it."""
    bare = _bare(name)
    return bool(bare) and not _bare(password).replace(bare, "").strip("0123456789") and bare in _bare(password)


def _is_common(password: str) -> bool:
    """A short pattern repeated, a row of the keyboard, or well-known words with nothing but figures around them."""
    bare = _bare(password)
    if len(set(password)) < 5 or any(bare in row * 3 for row in _ROWS):
        return True
    return not _without_common_words(bare.strip("0123456789"))


def _without_common_words(text: str) -> str:
    for word in sorted(_COMMON, key=len, reverse=True):
        text = text.replace(word, "")
    return text.strip("0123456789")


def hashed(password: str) -> str:
    """A password as it is kept."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(ROUNDS)).decode()


def matches(password: str, kept: str | None) -> bool:
    """Whether `password` is the one that was kept; as slow when there is none to compare with."""
    given = password.encode()
    fits = len(given) <= MOST_BYTES and b"\0" not in given
    right = bcrypt.checkpw(given if fits else b"-", (kept or _nobodys()).encode())
    return right and fits and kept is not None


@cache
def _nobodys() -> str:
    return hashed(secrets.token_hex(16))


def drawn() -> str:
    """A password for a single use: sixteen characters in groups of four, 80 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
