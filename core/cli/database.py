"""`db upgrade|check|backup|restore`: for the owner of the server."""

from pathlib import Path

import click

from core import backup as copies
from core import db as database
from core import schema
from core.auth.actor import Permission
from core.cli.frame import Call, group, require_database
from core.cli.output import whole_file
from core.config import DATA
from core.db import reading
from core.errors import DatabaseNotReady, DomainError
from core.i18n import N_, _

db = group("db", about=N_("Prepara, revisa, respalda y restaura la base de datos."))


class BooksNotSound(DomainError):
    """What `db check` found, a line each."""

    message = N_("Los libros no cuadran.")

    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self.found = found

    def lines(self) -> list[str]:
        return self.found


def is_default() -> bool:
    """Whether the database in use is the SQLite file that a new installation gets without saying anything."""
    return database.is_sqlite() and copies.database_file().resolve() == (DATA / "cartera.db").resolve()


def require_owner(call: Call) -> None:
    """`system` is the owner of the server; any other user must administer the database, which must be there."""
    if call.as_user != "system":
        require_database()
        with reading() as session:
            call.actor(session).require(Permission.CHANGE_SETTINGS)


def prepare() -> Path | None:
    """Brings the database in use to the schema of this version; returns the copy that was made of it before, if any."""
    copy = None
    if database.is_sqlite():
        if is_default():
            DATA.mkdir(exist_ok=True)
        if schema.revision() is not None and not schema.is_current():
            copy = copies.back_up_beside()
    schema.upgrade()
    return copy


@db.command("upgrade", needs_database=False, help=N_("Prepara la base para esta versión; en SQLite, tras un respaldo."))
def upgrade(call: Call) -> None:
    """`db upgrade`."""
    require_owner(call)
    copy = prepare()
    told = _("Respaldo de lo que había: {path}").format(path=copy) if copy else ""
    call.done(told, backup=str(copy) if copy else None)


@db.command("check", help=N_("Recalcula todo desde las filas y dice lo que no cuadra."))
def check(call: Call) -> None:
    """`db check`."""
    from core.jobs.check_books import check_books

    if not schema.is_current():
        raise DatabaseNotReady
    with reading() as session:
        found = check_books(session, call.actor(session), today=call.today)
    if found:
        raise BooksNotSound(found)
    call.done(_("Todo cuadra."), sound=True)


@db.command("backup", help=N_("Copia toda la base a un archivo, aunque otros trabajen."))
@click.argument("file", type=click.Path(path_type=Path))
def backup(call: Call, file: Path) -> None:
    """`db backup FILE`."""
    require_owner(call)
    copies.check_target(file)
    with whole_file(file) as part:
        copies.back_up(part)
    call.done(_("Respaldo guardado en {path}.").format(path=file), file=str(file))


@db.command("restore", needs_database=False, help=N_("Restaura un respaldo en una base vacía."))
@click.argument("file", type=click.Path(path_type=Path))
def restore(call: Call, file: Path) -> None:
    """`db restore FILE`."""
    require_owner(call)
    copies.restore(file)
    call.done(_("Restaurado desde {path}.").format(path=file), file=str(file))
