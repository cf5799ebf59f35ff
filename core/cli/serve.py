"""`serve`: prepares what is missing, says where it is, and becomes the web server."""

import os
import socket
import subprocess
import sys

from core import schema
from core.cli.database import is_default, prepare
from core.cli.demo import load_demo, nobody_yet
from core.cli.frame import Call, command, require_database
from core.config import ROOT
from core.errors import DatabaseNotReady, DomainError, why
from core.i18n import N_, _


class PortNotValid(DomainError):
    message = N_("PORT debe ser un número de 1 a 65535, y es «{port}».")


class PortTaken(DomainError):
    message = N_("No se puede usar {host}:{port}: {reason}. Cierre lo que lo usa o elija otro con PORT= o HOST=.")


@command(
    "serve", needs_database=False, formats=("table",), help=N_("Abre la aplicación web (HOST y PORT dicen dónde).")
)
def serve(call: Call) -> None:
    """`serve`."""
    host, port = _place()
    if is_default():
        prepare()
        if nobody_yet():
            call.tell(_("Cargando la empresa de demostración; tarda un momento…"))
            load_demo(call)
    else:
        require_database()
        if not schema.is_current():
            raise DatabaseNotReady
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  only to be shown
    call.deliver((_("Cartera al Día: http://{host}:{port}").format(host=shown, port=port) + "\n").encode())
    _become_the_server(host, port)


def _place() -> tuple[str, int]:
    host, told = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8501"
    if not told.isascii() or not told.isdigit() or not 1 <= int(told) <= 65535:
        raise PortNotValid(port=told)
    port = int(told)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as tried:
            if os.name == "posix":
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(found[4])
    except OSError as error:
        raise PortTaken(host=host, port=told, reason=why(error)) from error
    return host, port


def _become_the_server(host: str, port: int) -> None:
    app = ROOT / "pages" / "ui" / "server.py"
    if not app.exists():
        app = ROOT / "app.py"
    options = {
        "server.address": host, "server.port": port, "server.headless": "true", "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true", "logger.level": "error",  # we said where it is, in the user's language
    }  # fmt: skip
    arguments = [f"--{name}={value}" for name, value in options.items()]
    line = [sys.executable, "-m", "streamlit", "run", str(app), *arguments]
    os.chdir(ROOT)  # Streamlit finds its settings there
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(sys.executable, line)  # noqa: S606  ours, without a shell
    sys.exit(subprocess.run(line, check=False).returncode)  # noqa: S603  as above
