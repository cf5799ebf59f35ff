"""`import KIND FILE` and `layouts list|show|save`: files of the ERP."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from core.cli.frame import Call, command, group
from core.cli.options import OneOf
from core.cli.output import as_json, whole_file, write
from core.db import reading, transaction
from core.errors import DomainError, why
from core.files.table import Column
from core.i18n import N_, _, amount, number
from core.importers import layouts as named
from core.importers import rejected as rejected_file
from core.importers.base import Prepared, Source, commit, prepare
from core.importers.dates import Order
from core.importers.kinds import NAMES, kind_of
from core.importers.refusals import BadValue
from core.importers.values import rate as read_rate


class FileNotReadable(DomainError):
    message = N_("No se puede leer «{path}»: {reason}. Revise el nombre y la carpeta.")


class Rate(click.ParamType[int]):
    """An exchange rate, kept in whole millionths."""

    name = "R"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return int(read_rate(value).scaleb(6))
        except BadValue as error:
            self.fail(error.sentence(), param, ctx)


class RejectedFile(click.ParamType[Path]):
    """Where the bad rows go: csv or xlsx."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.suffix.lower() not in (".csv", ".xlsx"):
            self.fail(_("«{value}» debe terminar en .csv o .xlsx.").format(value=value), param, ctx)
        return path


@command("import", help=N_("Importa un archivo del ERP: todo o nada."))
@click.argument("kind", type=OneOf(NAMES))
@click.argument("file", type=Path)
@click.option("--dry-run", is_flag=True, help=N_("Dice lo mismo y no guarda nada."))
@click.option("--skip-bad-rows", is_flag=True, help=N_("Guarda las filas buenas y aparta las otras en --rejected."))
@click.option("--rejected", type=RejectedFile(), help=N_("Archivo .csv o .xlsx para las filas con error."))
@click.option("--layout", metavar="NAME", help=N_("Formato con que se lee el archivo."))
@click.option("--date-order", type=OneOf(Order), help=N_("Orden de las fechas: dmy, mdy o ymd."))
@click.option("--rate", type=Rate(), help=N_("Tipo de cambio para moneda extranjera sin el suyo."))
def import_(
    call: Call, kind: str, file: Path, dry_run: bool, skip_bad_rows: bool, rejected: Path | None, layout: str | None,
    date_order: str | None, rate: int | None,
) -> None:  # fmt: skip
    """`import KIND FILE`."""
    if skip_bad_rows and rejected is None:
        raise click.UsageError(_("--skip-bad-rows necesita --rejected ARCHIVO para las filas con error."))
    if rejected is not None and not skip_bad_rows:
        raise click.UsageError(_("--rejected solo va con --skip-bad-rows."))
    of = kind_of(kind)
    with reading() as session:
        actor = call.actor(session)
        actor.require(of.permission)
        using = named.layout(session, layout, kind) if layout else None
    prepared = prepare(
        actor, of, _source(file), layout=using, order=Order(date_order) if date_order else None, rate=rate
    )
    if dry_run:
        if not skip_bad_rows:
            prepared.refuse_bad_rows()
        _tell(call, prepared.summary())
        return
    with ExitStack() as files:
        keep = _keeper(files.enter_context(whole_file(rejected)), rejected) if rejected else None
        summary = commit(prepared, skip_bad_rows=skip_bad_rows, keep_rejected=keep)
    _tell(call, summary)


def _source(file: Path) -> Source:
    try:
        return Source(file.name, file.read_bytes())
    except OSError as error:
        raise FileNotReadable(path=file, reason=why(error)) from error


def _keeper(part: Path, asked: Path) -> Callable[[Prepared], None]:
    made = rejected_file.as_xlsx if asked.suffix.lower() == ".xlsx" else rejected_file.as_csv
    return lambda prepared: write(made(prepared), part)


def _tell(call: Call, summary: dict[str, Any]) -> None:
    said = [
        _("Leídas {read} · nuevas {new} · repetidas {repeated} · actualizadas {updated} · apartadas {rejected}").format(
            **{name: number(summary[name]) for name in ("read", "new", "repeated", "updated", "rejected")}
        ),
        *(f"{_('Total nuevo')}: {amount(total)} {currency}" for currency, total in summary["total"].items()),
        *summary["warnings"],
    ]
    call.done("\n".join(said), **summary)


layouts = group("layouts", about=N_("Muestra y guarda formatos de archivo."))
_COLUMNS = [Column("name", N_("Formato")), Column("kind", N_("Tipo de archivo")), Column("ready", N_("Del sistema"))]
_SAID = [Column("part", N_("Parte")), Column("key", N_("Nombre")), Column("value", N_("Valor"))]


@layouts.command("list", help=N_("Los formatos que hay."))
def list_(call: Call) -> None:
    """`layouts list`."""
    with reading() as session:
        call.actor(session)
        rows = [one._asdict() for one in named.listed(session)]
    call.emit({"rows": rows}, _COLUMNS, title=_("Formatos"))


@layouts.command("show", help=N_("Un formato; con --format json, como lo toma save."))
@click.argument("name")
def show(call: Call, name: str) -> None:
    """`layouts show NAME`: what it says, a line each; in JSON what `save` takes."""
    with reading() as session:
        call.actor(session)
        said = named.layout(session, name).spec.as_json()
    if call.format == "json":
        call.deliver(as_json(said))
    else:
        call.emit({"rows": list(_lines(said))}, _SAID, title=name)


def _lines(said: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for part, value in said.items():
        for key, one in value.items() if isinstance(value, Mapping) else [("", value)]:
            yield part, key, one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)


@layouts.command("save", help=N_("Guarda un formato que está en un archivo JSON."))
@click.argument("name")
@click.argument("file", type=Path)
def save(call: Call, name: str, file: Path) -> None:
    """`layouts save NAME FILE.json`."""
    source = _source(file)
    with transaction() as session:
        actor = call.actor(session)
        named.save(session, actor, name=name, spec=named.from_json(source.name, source.data))
    call.done(_("Formato «{name}» guardado.").format(name=name), name=name)
