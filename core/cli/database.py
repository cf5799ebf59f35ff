"""`db upgrade|check|backup|restore`: for the owner of the server."""



from core.cli.frame import Call, group
from core.errors import DomainError
from core.i18n import N_, _

db = group("db", about=N_("Prepara, revisa, respalda y restaura la base de datos."))


class BooksNotSound(DomainError):
    """What `db check` found: a line each."""

    message = N_("Los libros no cuadran.")

    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self.found = found

    def lines(self) -> list[str]:
        return self.found


@db.command("check", help=N_("Recalcula todo desde las filas; dice lo que no cuadra."))
def check(call: Call) -> None:
    """`db check`."""
    from core import schema
    from core.db import reading
    from core.errors import DatabaseNotReady
    from core.jobs.check_books import check_books

    if not schema.is_current():
        raise DatabaseNotReady
    with reading() as session:
        found = check_books(session, call.actor(session), today=call.today)
    if found:
        raise BooksNotSound(found)
    call.done(_("Todo cuadra."), sound=True)
