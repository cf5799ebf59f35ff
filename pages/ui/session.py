"""Which session this browser has: its key in `session_state`, and in a cookie for the next tab or reload.

Under our own server (pages/ui/server.py) the cookie is HttpOnly: the screen hands the browser a one-use ticket as the
address of an invisible picture, and the server answers it with the cookie. Under `streamlit run app.py` the browser
writes the cookie itself.
"""

import secrets
import threading
import time
from typing import Any, NamedTuple

import jwt
import streamlit as st
from streamlit_authenticator.models import CookieModel

from core.auth import sessions
from core.auth.actor import Actor
from core.auth.queries import LIFE as SESSION_LIFE
from core.config import secret_key
from core.db import transaction

COOKIE = "cartera_session"
#: Given to every browser that asks for a page; a ticket is good only together with it.
NONCE = "cartera_browser"
ROUTE = "/acceso/recordar"
LIFE = int(SESSION_LIFE.total_seconds())
_TICKET_LIFE = 30


class SessionCookie(CookieModel):  # type: ignore[misc]  # streamlit-authenticator ships no types
    """The signed cookie of streamlit-authenticator, with a random key instead of the user's name."""

    def __init__(self) -> None:
        """No component of its own: reading needs `st.context.cookies` only."""
        self.cookie_name, self.cookie_key, self.cookie_expiry_days = COOKIE, secret_key(), LIFE / 86400
        self.token: str | None = None
        self.exp_date: float | None = None

    def get_cookie(self) -> dict[str, Any] | None:
        """What the browser's cookie says, if we signed it and it is not over."""
        self.token = st.context.cookies.get(self.cookie_name)
        return self._token_decode() if self.token else None

    def set_cookie(self) -> None:
        """Writes it: by ticket under our own server, by the browser's own hand elsewhere."""
        self.exp_date = time.time() + LIFE
        value, browser = self._token_encode(), st.context.cookies.get(NONCE)
        if browser:
            st.session_state["remember"] = TICKETS.issue(value, browser)
            remember()
        elif not TICKETS.served:
            _write(value, LIFE)

    def delete_cookie(self) -> None:
        """Removes it; what it names has ended in the database already."""
        if TICKETS.served:
            st.html(f'<img src="{ROUTE}?fin=1" alt="" width="1" height="1" style="position:absolute">')
        else:
            _write("", 0)

    def _token_encode(self) -> str:
        claims = {"sid": st.session_state["sid"], "exp": int(self.exp_date or 0)}
        return jwt.encode(claims, self.cookie_key, algorithm="HS256")

    def _token_decode(self) -> dict[str, Any] | None:
        try:
            return jwt.decode(
                self.token or "", self.cookie_key, algorithms=["HS256"], options={"require": ["exp", "sid"]}
            )
        except jwt.PyJWTError:
            return None


def _write(value: str, max_age: int) -> None:
    """A JWT holds nothing but letters, figures, `-`, `_` and `.`: it cannot leave the string."""
    st.html(
        f"<script>document.cookie='{COOKIE}={value}; Max-Age={max_age}; Path=/; SameSite=Strict'"
        "+(location.protocol==='https:'?'; Secure':'')</script>",
        unsafe_allow_javascript=True,
    )


class _Ticket(NamedTuple):
    value: str
    browser: str
    until: float


class Tickets:
    """Cookies on their way to the browser: each is fetched once, within half a minute, by the browser it is for.

    The one thing that all users of the process share, for the web server and the screens are two threads of it.
    """

    def __init__(self) -> None:
        self.served = False  # whether our own server is there to redeem them
        self._lock = threading.Lock()
        self._waiting: dict[str, _Ticket] = {}

    def issue(self, value: str, browser: str) -> str:
        """A ticket for a cookie, good for one browser."""
        ticket, at = secrets.token_urlsafe(24), time.monotonic()
        with self._lock:
            self._waiting = {key: one for key, one in self._waiting.items() if one.until > at}
            self._waiting[ticket] = _Ticket(value, browser, at + _TICKET_LIFE)
        return ticket

    def waits(self, ticket: str) -> bool:
        """Whether nobody has come for a ticket yet."""
        with self._lock:
            return ticket in self._waiting

    def redeem(self, ticket: str, browser: str) -> str | None:
        """The cookie of a ticket, once; None when it is over, unknown or another browser's."""
        with self._lock:
            found = self._waiting.pop(ticket, None)
        good = found is not None and found.browser == browser and found.until > time.monotonic()
        return found.value if found is not None and good else None


TICKETS = Tickets()


def key() -> str | None:
    """The key of this browser's session, whether or not it still holds."""
    held: str | None = st.session_state.get("sid")
    if held is None and not st.session_state.get("signed_out"):
        kept = SessionCookie().get_cookie()
        held = kept["sid"] if kept else None
        if held is not None:
            st.session_state["sid"] = held
    return held


def begin(held: str) -> None:
    """Takes the key of a session just opened; the cookie is written on the next run."""
    st.session_state["sid"] = held
    st.session_state["remember"] = True
    st.session_state.pop("signed_out", None)


def remember() -> None:
    """Writes the cookie of a session just opened: on each run until the browser has come for it, since what a run
    draws may never reach the browser when the next one overtakes it."""
    ticket = st.session_state.pop("remember", False)
    if ticket is True:
        SessionCookie().set_cookie()
    elif ticket and TICKETS.waits(ticket):
        st.session_state["remember"] = ticket
        st.html(f'<img src="{ROUTE}?ticket={ticket}" alt="" width="1" height="1" style="position:absolute">')


def end(actor: Actor) -> None:
    """Ends the session here and in the database, and forgets what was typed and chosen."""
    held = st.session_state.get("sid")
    if held is not None:
        with transaction() as opened:
            sessions.sign_out(opened, actor, key=held)
    forget()


def forget() -> None:
    """Leaves nothing of the session in this tab; the sign-in then removes the cookie."""
    st.session_state.clear()
    st.session_state["signed_out"] = True


def address() -> str | None:
    """The browser's address, where the server knows it."""
    known = st.context.ip_address
    return known if isinstance(known, str) else None


def device() -> str | None:
    """What the browser says that it is."""
    return st.context.headers.get("User-Agent")
