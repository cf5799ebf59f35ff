"""`db check`: recomputes from the rows what must always hold (the contract's invariants) and says what does not."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import inspect, text
from sqlmodel import Session

from core.auth.actor import Actor, Permission
from core.i18n import N_, _
from core.jobs.check_agreements import AGREEMENTS
from core.jobs.check_collections import COLLECTIONS
from core.jobs.identifications import wrongly_identified
from core.ledger import checking
from core.ledger.checking import PAPER, Rule
from core.ledger.months import last_day, month_of, previous
from core.tables import APPEND_ONLY

RULES = (
    Rule(
        N_("{number}: el documento no lleva ese número en el registro de números."),
        """SELECT d.number FROM document d LEFT JOIN ledger_number n ON n.number = d.number
           WHERE n.number IS NULL OR n.source <> 'document' OR n.source_id <> d.id""",
    ),
    Rule(
        N_("{number}: el pago no lleva ese número en el registro de números."),
        """SELECT p.number FROM payment p LEFT JOIN ledger_number n ON n.number = p.number
           WHERE n.number IS NULL OR n.source <> 'payment' OR n.source_id <> p.id""",
    ),
    Rule(
        N_("{number}: el número está registrado y no es de ningún documento ni pago."),
        """SELECT n.number FROM ledger_number n
           LEFT JOIN document d ON n.source = 'document' AND d.id = n.source_id
           LEFT JOIN payment p ON n.source = 'payment' AND p.id = n.source_id
           WHERE d.id IS NULL AND p.id IS NULL""",
    ),
    Rule(
        N_("{number}: el total es {total}, pero sus parcialidades suman {amount}."),
        """SELECT d.number, d.total, COALESCE(e.amount, 0) AS amount
           FROM document d
           LEFT JOIN (SELECT source_id, SUM(amount) AS amount, COUNT(*) AS many, MAX(instalment) AS last
                      FROM ledger_entry WHERE source = 'document' GROUP BY source_id) e ON e.source_id = d.id
           WHERE e.source_id IS NULL OR e.amount <> d.total
              OR (e.many <> e.last AND d.kind <> 'credit_note') OR (e.many <> 1 AND d.kind = 'credit_note')""",
    ),
    Rule(
        N_("{number}: vence el {on}, pero su última parcialidad vence otro día."),
        """SELECT d.number, d.due_on AS "on" FROM document d
           JOIN (SELECT source_id, MAX(due_on) AS last FROM ledger_entry
                 WHERE source = 'document' AND side = 'charge' GROUP BY source_id) e ON e.source_id = d.id
           WHERE d.due_on <> e.last""",
    ),
    Rule(
        N_("{number}: se reversó el {on}, antes de recibirse."),
        """SELECT p.number, v.reversed_on AS "on" FROM ledger_reversal v
           JOIN payment p ON p.id = v.source_id WHERE v.source = 'payment' AND v.reversed_on < p.paid_on""",
    ),
    Rule(
        N_("{number}: el movimiento en la cuenta no lleva los datos del documento."),
        """SELECT d.number FROM ledger_entry e JOIN document d ON d.id = e.source_id
           WHERE e.source = 'document'
             AND (e.number <> d.number OR e.kind <> d.kind OR e.customer_id <> d.customer_id
                  OR e.currency <> d.currency OR e.exchange_rate <> d.exchange_rate OR e.booked_on <> d.issued_on
                  OR (e.side = 'credit') <> (d.kind = 'credit_note'))""",
    ),
    Rule(
        N_("{number}: el movimiento en la cuenta no lleva los datos del pago."),
        """SELECT p.number FROM ledger_entry e JOIN payment p ON p.id = e.source_id
           WHERE e.source = 'payment'
             AND (e.number <> p.number OR e.kind <> 'payment' OR e.side <> 'credit' OR e.instalment <> 0
                  OR e.amount <> p.amount OR e.currency <> p.currency OR e.exchange_rate <> p.exchange_rate
                  OR e.booked_on < p.paid_on OR e.paid_on IS NULL OR e.paid_on <> p.paid_on)""",
    ),
    Rule(
        N_("{number}: el pago no está en ninguna cuenta ni entre los que faltan por identificar."),
        """SELECT p.number FROM payment p LEFT JOIN ledger_entry e ON e.source = 'payment' AND e.source_id = p.id
           WHERE NOT p.came_unidentified AND (e.id IS NULL OR e.booked_on <> p.paid_on)""",
    ),
    Rule(
        N_("{number}: la bitácora dice que se identificó, pero no está en ninguna cuenta."),
        """SELECT p.number FROM audit_event x JOIN payment p ON p.number = x.entity_id
           LEFT JOIN ledger_entry e ON e.source = 'payment' AND e.source_id = p.id
           WHERE x.action = 'payment.identified' AND x.entity = 'payment' AND e.id IS NULL""",
    ),
    Rule(
        N_("{paper}: es un movimiento de un papel que no existe."),
        f"""SELECT {PAPER} FROM ledger_entry e
            LEFT JOIN document d ON e.source = 'document' AND d.id = e.source_id
            LEFT JOIN payment p ON e.source = 'payment' AND p.id = e.source_id
            LEFT JOIN ledger_adjustment a ON e.source = 'adjustment' AND a.id = e.source_id
            LEFT JOIN ledger_reversal v ON e.source = 'reversal' AND v.id = e.source_id
            WHERE d.id IS NULL AND p.id IS NULL AND a.id IS NULL AND v.id IS NULL""",
    ),
    Rule(
        N_("El ajuste {id} no está en la cuenta del cliente como se registró: {amount}."),
        """SELECT a.id, a.amount FROM ledger_adjustment a
           LEFT JOIN (SELECT source_id, customer_id, currency, SUM(amount) AS amount FROM ledger_entry
                      WHERE source = 'adjustment' GROUP BY source_id, customer_id, currency) e
                  ON e.source_id = a.id AND e.customer_id = a.customer_id AND e.currency = a.currency
           LEFT JOIN (SELECT source_id, customer_id, currency, SUM(amount) AS amount FROM ledger_entry
                      WHERE source = 'adjustment' GROUP BY source_id, customer_id, currency) s
                  ON s.source_id = a.id AND s.customer_id = a.customer_id AND s.currency = a.spent_currency
           WHERE COALESCE(e.amount, -1) <> a.amount OR (a.spent IS NOT NULL AND COALESCE(s.amount, -1) <> a.spent)""",
    ),
    Rule(
        N_("El ajuste {id} y su movimiento en la cuenta, de {number}, no dicen lo mismo."),
        """SELECT a.id, e.number FROM ledger_adjustment a
           JOIN ledger_entry e ON e.source = 'adjustment' AND e.source_id = a.id
           LEFT JOIN ledger_number n ON n.number = e.number AND n.source = a.source AND n.source_id = a.source_id
           WHERE n.number IS NULL OR e.booked_on <> a.booked_on OR e.kind <> a.kind""",
    ),
    Rule(
        N_("El ajuste {id} cerró {number}, que no es el documento que dice."),
        """SELECT a.id, c.number FROM ledger_adjustment a
           JOIN ledger_entry e ON e.source = 'adjustment' AND e.source_id = a.id AND e.side = 'credit'
           JOIN ledger_application p ON p.credit_id = e.id
           JOIN ledger_entry c ON c.id = p.charge_id AND c.source = 'document'
           WHERE a.document_id IS NULL OR a.document_id <> c.source_id""",
    ),
    Rule(
        N_("La bitácora tiene el evento {id} sin usuario, o de un usuario que no existe."),
        """SELECT x.id FROM audit_event x LEFT JOIN app_user u ON u.id = x.user_id
           WHERE x.user_name = '' OR (x.user_id IS NOT NULL AND u.id IS NULL)""",
    ),
)  # fmt: skip

_EVER = date(9999, 12, 31)


def check_books(session: Session, actor: Actor, *, today: date) -> list[str]:
    """What does not hold, a sentence each; an empty list when the books are sound. Needs a reading snapshot."""
    actor.require(Permission.CHANGE_SETTINGS)
    past = last_day(previous(month_of(today)))
    closed = checking.closings(session)
    return [
        *_of_the_file(session),
        *_unprotected(session),
        *checking.broken(session, [*checking.RULES, *RULES, *COLLECTIONS, *AGREEMENTS, *_with_events(session)]),
        *checking.untied(session, [today, past, past - timedelta(days=365), _EVER]),
        *([_("Los meses cerrados no son los que dice la bitácora.")] if closed is None else []),
        *checking.written_in_closed_months(session, closed or []),
        *wrongly_identified(session, closed or []),
    ]


def _with_events(session: Session) -> Iterator[Rule]:
    """Whatever names the write that made it has that write in the log."""
    tables = inspect(session.connection())
    for table in sorted(tables.get_table_names()):
        if "event_id" in {column["name"] for column in tables.get_columns(table)}:
            key = tables.get_pk_constraint(table)["constrained_columns"][0]
            yield Rule(
                N_("{table} {id}: no hay en la bitácora un evento de quien lo escribió."),
                f"""SELECT '{table}' AS "table", x.{key} AS id FROM {table} x
                    LEFT JOIN audit_event v ON v.id = x.event_id WHERE v.id IS NULL""",
            )


def _of_the_file(session: Session) -> Iterator[str]:
    """What SQLite itself finds wrong; PostgreSQL checks its pages and keys as it goes."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for (found,) in session.execute(text("PRAGMA quick_check")):
        if found != "ok":
            yield _("El archivo de la base está dañado: {what}. Restaure un respaldo.").format(what=found)
    for table, row, other, _key in session.execute(text("PRAGMA foreign_key_check")):
        told = _("{table} {row}: se refiere a algo de {other} que no existe.")
        yield told.format(table=table, row=row, other=other)


def _unprotected(session: Session) -> Iterator[str]:
    """Tables whose triggers against deleting and changing are missing or switched off."""
    query, when = "SELECT name FROM sqlite_master WHERE type = 'trigger'", ["delete", "update"]
    if session.get_bind().dialect.name != "sqlite":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        when = ["delete", "update", "truncate"]
    there = set(session.scalars(text(query)))
    for table in APPEND_ONLY:
        missing = [one for one in when if f"keep_{table}_{one}" not in there]
        if missing:
            told = _("{table}: faltan las protecciones contra borrar y cambiar ({missing}).")
            yield told.format(table=table, missing=", ".join(missing))
