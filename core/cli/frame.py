"""The frame of every command: the options that all share, who acts, on which day, and where the answer goes.

@command("aging", help=N_("Antigüedad de saldos"))
@click.option("--as-of", type=DAY, required=True)
def aging(call: Call, as_of: date) -> None:
    with reading() as session:
        report = aging_by(session, call.actor(session), as_of=as_of)
    call.emit({"as_of": as_of, "rows": report.rows}, COLUMNS, title=_("Antigüedad de saldos"))
"""

import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from core import clock
from core.cli import output
from core.cli.options import DAY, OneOf
from core.errors import DatabaseNotReady
from core.files.table import Column, Kind
from core.i18n import N_, _

if TYPE_CHECKING:
    from sqlmodel import Session

    from core.auth.actor import Actor

FORMATS = ("table", "json", "csv", "xlsx")
_BINARY = ("xlsx", "pdf")
_META = "core.cli."


class Call:
    """One run of a command: who, when, in which format, where to."""

    def __init__(self, asked: Mapping[str, Any], part: Path | None) -> None:
        self.as_user: str = asked.get("as_user", "system")
        self.format: str = asked.get("format") or "table"
        self.out: Path | None = Path(asked["out"]) if asked.get("out") else None
        self._part = part

    @property
    def today(self) -> date:
        """The day on which the command acts."""
        return clock.today()

    def actor(self, session: "Session") -> "Actor":
        """Who acts: the user of `--as`, or `system`; refused when unknown or disabled."""
        from core.auth.queries import actor_named

        return actor_named(session, self.as_user, origin="cli", os_user=_os_user())

    def emit(
        self, payload: Mapping[str, Any], columns: Sequence[Column], *, title: str, notes: Sequence[str] = (),
        rows: str = "rows", currency: str = "currency",
    ) -> None:  # fmt: skip
        """Answers with `payload`: parameters, the list under `rows` (mappings, or tuples in the order of `columns`)
        and perhaps `totals`. JSON is the payload; the other formats write the list. Call it after the commit."""
        if self.format == "json":
            self.deliver(output.as_json(payload, columns))
        elif self.format == "table":
            self.deliver(output.as_table(title, notes, columns, payload[rows], payload.get("totals", ())))
        else:
            self.deliver(output.as_file(self.format, title, notes, columns, payload[rows], currency))

    def done(self, sentence: str, **facts: Any) -> None:
        """Answers with one sentence, or in the other formats with its facts."""
        if self.format == "table":
            self.deliver(f"{sentence}\n".encode() if sentence else b"")
        elif self.format == "json":
            self.deliver(output.as_json(facts))
        else:
            columns = [Column(key, key, _kind(value)) for key, value in facts.items()]
            self.deliver(output.as_file(self.format, sentence, (), columns, [facts], ""))

    def deliver(self, content: bytes) -> None:
        """Answers with these bytes: to `--out FILE`, whole or not at all, else to stdout."""
        output.write(content, self._part)

    def tell(self, line: str) -> None:
        """A line for the one who watches (a warning, progress), beside the answer."""
        click.echo(line, err=True)


def _kind(value: Any) -> Kind:
    from datetime import datetime
    from decimal import Decimal

    kinds = {Decimal: Kind.AMOUNT, int: Kind.INTEGER, date: Kind.DATE, datetime: Kind.DATETIME}
    return kinds.get(type(value), Kind.TEXT)


def _os_user() -> str | None:
    try:
        return getpass.getuser()[:60]
    except (OSError, KeyError):  # a container may run as a number without a name
        return None


# ------------------------------------------------------------------ click, in our words
def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Common options are kept for the whole line: before or after the command, the last one counts."""
    if value is not None:
        ctx.meta[_META + str(param.name)] = value


def _common() -> list[click.Parameter]:
    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_keep, **settings)

    return [
        option("--as", "as_user", metavar="USER", help=N_("Usuario que actúa (si no se dice: system).")),
        option("--today", "today", type=DAY, metavar="D", help=N_("Día en que actúa la orden, AAAA-MM-DD.")),
        option("--format", "format", type=OneOf((*FORMATS, "pdf")), metavar="F", help="table | json | csv | xlsx"),
        option("--out", "out", metavar="FILE", help=N_("Archivo en que se escribe la respuesta.")),
    ]


class _InOurWords(click.Command):
    """Common options, and help in the user's language."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*self.params, *_common(), *([option] if (option := self.get_help_option(ctx)) else [])]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = N_("Muestra esta ayuda.")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Uso: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [one for param in self.get_params(ctx) if (one := param.get_help_record(ctx))]
        with formatter.section(_("Opciones")):
            formatter.write_dl([(names, _(told)) for names, told in records])


class Command(_InOurWords):
    """One command. `formats`: those it has; `needs_database`: it reads or writes one that must be there."""

    def __init__(
        self, *args: Any, formats: Sequence[str] = FORMATS, needs_database: bool = True, **settings: Any
    ) -> None:
        super().__init__(*args, **settings)
        self.context_settings = {**self.context_settings, "allow_extra_args": True}
        self.formats, self.needs_database = formats, needs_database

    def invoke(self, ctx: click.Context) -> Any:
        asked = {key.removeprefix(_META): value for key, value in ctx.meta.items() if key.startswith(_META)}
        self._check(ctx, asked)
        clock.fix(asked.get("today"))
        if self.needs_database:
            require_database()
        callback = self.callback
        assert callback is not None
        if not asked.get("out"):
            return ctx.invoke(callback, Call(asked, None), **ctx.params)
        with output.whole_file(Path(asked["out"])) as part:
            return ctx.invoke(callback, Call(asked, part), **ctx.params)

    def _check(self, ctx: click.Context, asked: Mapping[str, Any]) -> None:
        if ctx.args:
            raise click.UsageError(_("Sobra «{word}».").format(word=" ".join(ctx.args)), ctx)
        format_ = asked.get("format", "table")
        if format_ not in self.formats:
            told = _("Esta orden no tiene el formato {format}. Tiene: {formats}.")
            raise click.UsageError(told.format(format=format_, formats=", ".join(self.formats)), ctx)
        if format_ in _BINARY and not asked.get("out") and sys.stdout.isatty():
            told = _("El formato {format} no se puede mostrar en la terminal. Agregue --out ARCHIVO.")
            raise click.UsageError(told.format(format=format_), ctx)


@click.pass_context
def _wants_a_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        names = ", ".join(cast(click.Group, ctx.command).list_commands(ctx))
        raise click.UsageError(_("Falta la orden. Las hay: {names}.").format(names=names), ctx)


class Group(_InOurWords, click.Group):
    """A group of commands."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.invoke_without_command = True  # so that what is missing is said in our words
        self.callback = _wants_a_command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        found = self.get_command(ctx, name)
        if found is None:
            told = _("No existe la orden «{name}». Las hay: {names}.")
            raise click.UsageError(told.format(name=name, names=", ".join(self.list_commands(ctx))), ctx)
        return name, found, args[1:]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section(_("Órdenes")):
            formatter.write_dl([(name, self.about(ctx, name)) for name in self.list_commands(ctx)])

    def about(self, ctx: click.Context, name: str) -> str:
        """What a command of this group does, in a line."""
        found = self.get_command(ctx, name)
        return _(found.help or "") if found else ""


def command(name: str, **settings: Any) -> Callable[[Callable[..., None]], Command]:
    """Makes a function `(call, **options)` a command; settings are those of `Command`, `help` a marked text."""
    return click.command(name, cls=Command, **settings)


def group(name: str, *, about: str) -> Group:
    """A group of commands: `db = group("db", about=N_(…))`, then `@db.command("check")`."""
    return Group(name, help=about)


def require_database() -> None:
    """A SQLite file that is not there is refused and not made, empty, by the way."""
    from sqlalchemy import make_url

    from core import db

    url = make_url(db.url())
    in_a_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    if in_a_file and not Path(str(url.database)).exists():
        raise DatabaseNotReady
