"""The web server: Streamlit's application with our own routes and security headers.

`streamlit run pages/ui/server.py` is what `make run` and `serve` start; `streamlit run app.py` does without all this.
"""

import base64
import hashlib
import re
import secrets
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # Streamlit puts this file's folder there, not the project's
    sys.path.insert(0, str(ROOT))

from core import schema  # noqa: E402  not before the path is set
from pages.ui import failures, framework, kept_files, menu, session, signature_pad  # noqa: E402  likewise

# Before any screen: else a deep link is the first thing that is opened after a start, and runs without app.py.
PagesManager.uses_pages_directory = False
kept_files.install()
session.TICKETS.served = True

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_STEM = re.compile(r"/[A-Za-z0-9_-]+/?")


def _inline_scripts() -> str:
    """The hashes of the scripts in Streamlit's own page; no other inline script runs."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in found)


HEADERS = {
    "Content-Security-Policy": "; ".join((
        "default-src 'self'", f"script-src 'self' 'wasm-unsafe-eval' {_inline_scripts()}",
        "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:",
        "connect-src 'self'", "worker-src 'self' blob:", "media-src 'self' blob:", "frame-src 'self' blob:",
        "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'",
    )),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip


def _is_https(scope: Scope) -> bool:
    forwarded = dict(scope["headers"]).get(b"x-forwarded-proto", b"")
    return scope.get("scheme") == "https" or forwarded.split(b",")[0].strip() == b"https"


class Guarded:
    """Adds the headers, gives each browser its nonce, and sends unknown addresses to the start instead of a 404."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes web sockets through; every answer over HTTP leaves with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if _STEM.fullmatch(scope["path"]) and scope["path"].strip("/") not in KNOWN:
            await RedirectResponse("/", 307)(scope, receive, send)
            return
        secure = _is_https(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                if secure:
                    headers.append((b"strict-transport-security", b"max-age=31536000"))
                kind = dict(message["headers"]).get(b"content-type", b"")
                if kind.startswith(b"text/html") and session.NONCE not in request.cookies:
                    headers.append((b"set-cookie", _cookie(session.NONCE, secrets.token_urlsafe(18), None, secure)))
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        await self.app(scope, receive, guarded)


def _cookie(name: str, value: str, max_age: int | None, secure: bool) -> bytes:
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Strict"]
    parts += [f"Max-Age={max_age}"] if max_age is not None else []
    parts += ["Secure"] if secure else []
    return "; ".join(parts).encode()


def remember(request: Request) -> Response:
    """Answers a one-use ticket with the session's cookie, or removes that of a session that ended."""
    answer = Response(_PIXEL, media_type="image/gif", headers={"Cache-Control": "no-store"})
    secure = _is_https(request.scope)
    if "fin" in request.query_params and request.headers.get("sec-fetch-site", "same-origin") == "same-origin":
        answer.raw_headers.append((b"set-cookie", _cookie(session.COOKIE, "", 0, secure)))
    else:
        browser = request.cookies.get(session.NONCE, "")
        value = session.TICKETS.redeem(request.query_params.get("ticket", ""), browser)
        if value is not None:
            answer.raw_headers.append((b"set-cookie", _cookie(session.COOKIE, value, session.LIFE, secure)))
    return answer


def words(_request: Request) -> Response:
    """The script that puts our words in place of the framework's; its address changes when it does."""
    return Response(framework.SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=604800"})


def signing(_request: Request) -> Response:
    """The script of the place to sign; its address changes when it does."""
    return Response(signature_pad.SCRIPT, media_type="text/javascript", headers={"Cache-Control": "max-age=604800"})


def health(request: Request) -> Response:
    """Whether the database answers and has this version's schema: for a monitor or a load balancer."""
    try:
        current = schema.is_current()
    except Exception:  # noqa: BLE001  whatever it is, the answer is that it does not work
        return JSONResponse({"estado": "sin base de datos"}, 503)
    if not current:
        return JSONResponse({"estado": "falta: python -m core db upgrade"}, 503)
    return JSONResponse({"estado": "bien"})


#: Paths of one word that are not screens.
KNOWN = {"", "salud", *(screen.stem for screen in menu.SCREENS)}

app = st.App(
    ROOT / "app.py",
    routes=[
        Route("/salud", health),
        Route(session.ROUTE, remember),
        Route(framework.ROUTE, words),
        Route(signature_pad.ROUTE, signing),
    ],
    middleware=[Middleware(Guarded)],
    on_script_error=failures.tell,
)
