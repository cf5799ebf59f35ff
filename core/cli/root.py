"""All commands by name, loaded when asked for; exit codes; every refusal as a sentence, never a traceback."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import Any, cast

import click

from core import i18n
from core.cli.frame import Group
from core.clock import now
from core.config import DATA, config
from core.errors import DomainError, why
from core.i18n import N_, _

#: Where each command is, and what it does in a line.
COMMANDS = {
    "serve": ("core.cli.serve:serve", N_("Abre la aplicación web.")),
    "demo": ("core.cli.demo:demo", N_("Carga la empresa de demostración en una base vacía.")),
    "db": ("core.cli.database:db", N_("Prepara, revisa, respalda y restaura la base de datos.")),
    "import": ("core.cli.imports:import_", N_("Importa un archivo del ERP.")),
    "layouts": ("core.cli.imports:layouts", N_("Muestra y guarda formatos de archivo.")),
    "aging": ("core.cli.portfolio:aging", N_("Antigüedad de saldos.")),
    "statement": ("core.cli.portfolio:statement", N_("Estado de cuenta de un cliente.")),
    "kpis": ("core.cli.portfolio:kpis", N_("Indicadores de la cartera, mes a mes.")),
    "payments": ("core.cli.payments:payments", N_("Identifica pagos.")),
    "promises": ("core.cli.promises:promises", N_("Promesas de pago: su estado en una fecha.")),
    "worklist": ("core.cli.collections:worklist", N_("A quién contactar en un día, lo más valioso primero.")),
    "letters": ("core.cli.letters:letters", N_("Cartas de cobro que tocan en un día.")),
    "outbox": ("core.cli.outbox:outbox", N_("Envía los correos que esperan.")),
    "nightly": ("core.cli.nightly:nightly", N_("El proceso de cada noche; repetirlo no hace daño.")),
    "close": ("core.cli.months:close", N_("Cierra un mes y los anteriores.")),
    "reopen": ("core.cli.months:reopen", N_("Reabre un mes y los posteriores.")),
    "settings": ("core.cli.settings:settings", N_("Muestra y cambia los ajustes.")),
    "users": ("core.cli.users:users", N_("Agrega, muestra y desactiva usuarios.")),
    "audit": ("core.cli.audit:audit", N_("Muestra la bitácora.")),
}


class Root(Group):
    """The commands above; only the module of the one that runs is loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _colon, name = COMMANDS[cmd_name][0].partition(":")
        return cast(click.Command, getattr(import_module(module), name))

    def about(self, ctx: click.Context, name: str) -> str:
        return _(COMMANDS[name][1])


root = Root("core", help=N_("Cartera al Día: cuentas por cobrar."))


class VariableNotValid(DomainError):
    message = N_("La variable de entorno {name} no es válida: «{value}».")


def main(argv: Sequence[str]) -> int:
    """Runs a command line and returns its exit code: 0 done, 1 refused, 2 wrong usage."""
    _speak_utf8()
    try:
        i18n.use(_language())
        answered = root.main(args=list(argv), prog_name="python -m core", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        return _wrong_usage(error)
    except (click.Abort, KeyboardInterrupt):
        return _refused([_("Interrumpido; lo que no había terminado no se guardó.")], 130)
    except DomainError as error:
        return _refused(error.lines())
    except BrokenPipeError:  # `… | head`: nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  the last place: told in a sentence, kept whole in the log
        return _refused([_explained(error) or _logged(error)])
    finally:
        if "core.db" in sys.modules:
            import_module("core.db").close()
    return answered if isinstance(answered, int) else 0


def _speak_utf8() -> None:
    """Pipes and files are UTF-8 everywhere; a letter that cannot be shown never stops a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _language() -> str:
    try:
        return config().cartera_lang
    except ValueError as error:
        found: list[dict[str, Any]] = getattr(error, "errors", list)()
        name = str(found[0]["loc"][0]).upper() if found else "?"
        raise VariableNotValid(name=name, value=os.environ.get(name, "")) from error


def _refused(lines: Sequence[str], code: int = 1) -> int:
    for line in lines:
        click.echo(" ".join(line.split("\n")), err=True)
    return code


def _wrong_usage(error: click.UsageError) -> int:
    click.echo(_sentence(error), err=True)
    if error.ctx is not None:
        told = _("Ayuda: {command} --help").format(command=error.ctx.command_path)
        click.echo(told, err=True)
    return 2


def _sentence(error: click.UsageError) -> str:
    """What is wrong with the arguments, in the user's language."""
    ctx = error.ctx
    name = _named(error.param, ctx) if isinstance(error, click.BadParameter) else ""
    match error:
        case click.NoSuchOption():
            return _("No existe la opción {option}.").format(option=error.option_name)
        case click.MissingParameter():
            return _("Falta {name}.").format(name=name)
        case click.BadParameter():
            return f"{name}: {error.message}" if name else error.message
        case click.BadOptionUsage():
            return _("La opción {option} necesita un valor, y solo uno.").format(option=error.option_name)
    return error.format_message()


def _named(param: click.Parameter | None, ctx: click.Context | None) -> str:
    if param is None:
        return ""
    return param.opts[0] if param.param_type_name == "option" else param.make_metavar(ctx or click.Context(root))


def _explained(error: Exception) -> str:
    """What the machine around us refuses, in words; blank when the error is a bug of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        return _("No se pudo usar «{path}»: {reason}.").format(path=error.filename, reason=why(error))
    if isinstance(error, UnicodeEncodeError):
        return _("Un valor tiene caracteres que no son texto (UTF-8). Escríbalo de nuevo.")
    if isinstance(error, MemoryError):
        return _("No alcanzó la memoria. Pida menos a la vez.")
    if "sqlalchemy" not in sys.modules:
        return ""
    from sqlalchemy import exc

    if isinstance(error, (exc.ArgumentError, exc.NoSuchModuleError)):
        return _("DATABASE_URL no es la dirección de una base de datos que se pueda usar.")
    if "unable to open database file" in str(error):
        return _("No se puede abrir el archivo de la base de datos. Revise la carpeta y los permisos de DATABASE_URL.")
    if isinstance(error, exc.OperationalError) or "not a database" in str(error):
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return _("La base de datos no responde: {reason}").format(reason=reason)
    return ""


def _logged(error: Exception) -> str:
    """Keeps the whole story in `data/log/` and returns the sentence with its reference."""
    import traceback

    reference = token_hex(4)
    told = "".join(traceback.format_exception(error))
    try:
        place = _log(f"{now():%Y-%m-%dT%H:%M:%SZ} {reference} {' '.join(sys.argv[1:3])}\n{told}\n")
    except OSError:
        place = Path(os.devnull)
    sentence = _("Ocurrió un error que no esperábamos (referencia {reference}, {place}). No se guardó nada: {kind}.")
    return sentence.format(reference=reference, place=place, kind=type(error).__name__)


def _log(text: str) -> Path:
    folder = DATA / "log"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "errores.log"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as file:
        file.write(text)
    return path
