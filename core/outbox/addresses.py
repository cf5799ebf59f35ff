"""E-mail addresses: what may stand in an envelope and in a header, and what may not."""

import re
from email.headerregistry import Address

from core.errors import DomainError
from core.i18n import N_

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(f"({_LOCAL})@({_DOMAIN})")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e]")
#: More than so many in one field is a mailing list.
MOST = 10


class AddressNotUsable(DomainError):
    message = N_("«{address}» no es una dirección de correo a la que se pueda escribir.")


class AddressMissing(DomainError):
    message = N_("Escriba una dirección de correo.")


def addresses(text: str) -> list[str]:
    """The addresses of a field, divided by `,` or `;`, each once. Raises AddressNotUsable, AddressMissing."""
    found = [part.strip() for part in re.split("[,;]", text) if part.strip()]
    if not found:
        raise AddressMissing
    if len(found) > MOST:
        raise AddressNotUsable(address=text[:80])
    return list(dict.fromkeys(_checked(one) for one in found))


def _checked(address: str) -> str:
    local, at, domain = address.rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode('ascii')}" if at else address
    except UnicodeError as error:
        raise AddressNotUsable(address=_shown(address)) from error
    if len(plain) > 254 or len(local) > 64 or not _ADDRESS.fullmatch(plain):
        raise AddressNotUsable(address=_shown(address))
    return plain


def _shown(address: str) -> str:
    return _UNSEEN.sub("·", address)[:80]


def one_line(text: str) -> str:
    """A name or subject as a header can bear it: in one line, without signs that nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def named(name: str, address: str) -> Address:
    """`name <address>` for a header."""
    local, _at, domain = _checked(address).rpartition("@")
    return Address(one_line(name)[:120], local, domain)
