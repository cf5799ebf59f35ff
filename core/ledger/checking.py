"""Checking the ledger against itself: what is left, from the rows, at every date (`db check`).

Each rule is a query that finds what breaks it. The queries are plain SQL over the columns as the database keeps them,
whole centavos and dates, so that they lean on nothing of what they check; each reads its tables once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, bindparam, case, func, select, text, union_all
from sqlmodel import Session, col

from core.i18n import N_, _, shown
from core.ledger.models import Entry, MonthLock, Side
from core.ledger.months import last_day, previous
from core.ledger.queries import open_items
from core.money import from_cents

_CENTS = frozenset({"amount", "open", "expected", "total"})


class Rule(NamedTuple):
    """A rule of the books: its query finds the rows that break it, its sentence names their columns."""

    sentence: str
    query: str


#: Every application twice, once for each entry that it moves.
MOVES = """
    SELECT charge_id AS entry_id, applied_on, amount FROM ledger_application
    UNION ALL SELECT credit_id, applied_on, amount FROM ledger_application"""
#: How an entry is named: `F-1/2` is the second instalment of F-1, `P-7` a credit.
PAPER = "e.number || CASE WHEN e.instalment > 0 THEN '/' || e.instalment ELSE '' END AS paper"

RULES = (
    Rule(
        N_("{paper}: tiene {open} por aplicar, pero sus aplicaciones dejan {expected}."),
        f"""SELECT {PAPER}, e.open, e.amount - COALESCE(m.moved, 0) AS expected
            FROM ledger_entry e
            LEFT JOIN (SELECT entry_id, SUM(amount) AS moved FROM ({MOVES}) a GROUP BY entry_id) m ON m.entry_id = e.id
            WHERE e.open <> e.amount - COALESCE(m.moved, 0) OR e.open < 0 OR e.open > e.amount""",
    ),
    Rule(
        N_("{paper}: al {on} quedaban {open} de {amount}; no puede ser menos que cero ni más que el importe."),
        f"""SELECT {PAPER}, r.applied_on AS "on", e.amount - r.used AS open, e.amount
            FROM (SELECT entry_id, applied_on, SUM(moved) OVER (PARTITION BY entry_id ORDER BY applied_on) AS used
                  FROM (SELECT entry_id, applied_on, SUM(amount) AS moved FROM ({MOVES}) a
                        GROUP BY entry_id, applied_on) d) r
            JOIN ledger_entry e ON e.id = r.entry_id
            WHERE r.used < 0 OR r.used > e.amount""",
    ),
    Rule(
        N_("La aplicación {id} no une un abono con un cargo que existan."),
        """SELECT a.id FROM ledger_application a
           LEFT JOIN ledger_entry c ON c.id = a.charge_id LEFT JOIN ledger_entry k ON k.id = a.credit_id
           WHERE c.id IS NULL OR k.id IS NULL OR c.side <> 'charge' OR k.side <> 'credit'""",
    ),
    Rule(
        N_("{credit} se aplicó a {charge}, que es de otro cliente o de otra moneda."),
        """SELECT k.number AS credit, c.number AS charge FROM ledger_application a
           JOIN ledger_entry c ON c.id = a.charge_id JOIN ledger_entry k ON k.id = a.credit_id
           WHERE c.customer_id <> k.customer_id OR c.currency <> k.currency""",
    ),
    Rule(
        N_("{credit} se aplicó a {charge} el {on}, antes de que existieran los dos."),
        """SELECT k.number AS credit, c.number AS charge, a.applied_on AS "on" FROM ledger_application a
           JOIN ledger_entry c ON c.id = a.charge_id JOIN ledger_entry k ON k.id = a.credit_id
           WHERE a.applied_on < c.booked_on OR a.applied_on < k.booked_on""",
    ),
    Rule(
        N_("La aplicación de {credit} a {charge} no lleva los datos de los dos."),
        """SELECT k.number AS credit, c.number AS charge FROM ledger_application a
           JOIN ledger_entry c ON c.id = a.charge_id JOIN ledger_entry k ON k.id = a.credit_id
           WHERE a.customer_id <> c.customer_id OR a.currency <> c.currency OR a.due_on <> c.due_on
              OR a.charge_on <> c.booked_on OR a.credit_on <> k.booked_on OR a.paid_on <> k.paid_on
              OR (a.paid_on IS NULL) <> (k.paid_on IS NULL)""",
    ),
    Rule(
        N_("La aplicación {id} deshace otra que no es su espejo exacto: {credit} a {charge}."),
        """SELECT u.id, k.number AS credit, c.number AS charge
           FROM ledger_application u JOIN ledger_application a ON a.id = u.undoes_id
           JOIN ledger_entry c ON c.id = u.charge_id JOIN ledger_entry k ON k.id = u.credit_id
           WHERE u.amount <> -a.amount OR u.charge_id <> a.charge_id OR u.credit_id <> a.credit_id
              OR u.applied_on < a.applied_on OR a.undoes_id IS NOT NULL""",
    ),
    Rule(
        N_("La aplicación {id} se deshizo más de una vez, o deshace una que no existe."),
        """SELECT u.undoes_id AS id FROM ledger_application u LEFT JOIN ledger_application a ON a.id = u.undoes_id
           WHERE u.undoes_id IS NOT NULL GROUP BY u.undoes_id HAVING COUNT(*) > 1 OR COUNT(a.id) = 0""",
    ),
    Rule(
        N_("La aplicación de {credit} a {charge} se deshizo el {on} sin una reversión que lo diga."),
        """SELECT k.number AS credit, c.number AS charge, u.applied_on AS "on"
           FROM ledger_application u JOIN ledger_application a ON a.id = u.undoes_id
           JOIN ledger_entry c ON c.id = u.charge_id JOIN ledger_entry k ON k.id = u.credit_id
           LEFT JOIN ledger_reversal v ON v.source = k.source AND v.source_id = k.source_id AND v.event_id = u.event_id
                AND (v.document_id IS NULL OR (c.source = 'document' AND c.source_id = v.document_id))
                AND (u.applied_on = v.reversed_on OR (u.applied_on = a.applied_on AND a.applied_on > v.reversed_on))
           LEFT JOIN ledger_reversal w ON w.source = c.source AND w.source_id = c.source_id AND w.event_id = u.event_id
                AND w.document_id IS NULL
                AND (u.applied_on = w.reversed_on OR (u.applied_on = a.applied_on AND a.applied_on > w.reversed_on))
           WHERE v.id IS NULL AND w.id IS NULL""",
    ),
    Rule(
        N_("La reversión {id} del {on} no deshizo nada."),
        """SELECT v.id, v.reversed_on AS "on" FROM ledger_reversal v
           LEFT JOIN (SELECT u.event_id, k.source, k.source_id, c.source_id AS document_id
                      FROM ledger_application u
                      JOIN ledger_entry c ON c.id = u.charge_id JOIN ledger_entry k ON k.id = u.credit_id
                      WHERE u.undoes_id IS NOT NULL AND c.source = 'document'
                      UNION ALL
                      SELECT w.event_id, a.source, a.source_id, a.document_id
                      FROM ledger_reversal w JOIN ledger_adjustment a ON a.id = w.source_id
                      WHERE w.source = 'adjustment') d
                  ON d.event_id = v.event_id AND d.source = v.source AND d.source_id = v.source_id
                     AND d.document_id = v.document_id
           WHERE v.document_id IS NOT NULL AND d.event_id IS NULL""",
    ),
    Rule(
        N_("La aplicación {id} tiene un signo que no le toca: {amount}."),
        """SELECT id, amount FROM ledger_application WHERE amount = 0 OR (amount < 0) <> (undoes_id IS NOT NULL)""",
    ),
    Rule(
        N_("{paper}: está reversado desde el {on} y después tenía algo abierto."),
        f"""SELECT {PAPER}, v.reversed_on AS "on"
            FROM ledger_reversal v
            JOIN ledger_entry e ON e.source = v.source AND e.source_id = v.source_id
            LEFT JOIN (SELECT entry_id, applied_on, SUM(amount) AS moved FROM ({MOVES}) a
                       GROUP BY entry_id, applied_on) m ON m.entry_id = e.id
            WHERE v.document_id IS NULL
            GROUP BY e.id, e.number, e.instalment, e.amount, v.id, v.reversed_on
            HAVING COALESCE(SUM(CASE WHEN m.applied_on <= v.reversed_on THEN m.moved END), 0) <> e.amount
                OR COALESCE(MAX(CASE WHEN m.applied_on > v.reversed_on THEN ABS(m.moved) END), 0) <> 0""",
    ),
    Rule(
        N_("La reversión de {number} del {on} no quita de la cuenta lo mismo que el original puso."),
        """SELECT MAX(s.number) AS number, MAX(s.reversed_on) AS "on"
           FROM (SELECT v.id, v.reversed_on, e.number, e.customer_id, e.currency, e.amount, e.side, 0 AS wrong
                 FROM ledger_reversal v JOIN ledger_entry e ON e.source = v.source AND e.source_id = v.source_id
                 WHERE v.document_id IS NULL
                 UNION ALL
                 SELECT v.id, v.reversed_on, e.number, e.customer_id, e.currency, e.amount, e.side,
                        CASE WHEN v.document_id IS NULL AND e.booked_on = v.reversed_on THEN 0 ELSE 1 END
                 FROM ledger_reversal v JOIN ledger_entry e ON e.source = 'reversal' AND e.source_id = v.id) s
           GROUP BY s.id, s.customer_id, s.currency
           HAVING SUM(CASE s.side WHEN 'charge' THEN s.amount ELSE -s.amount END) <> 0 OR MAX(s.wrong) > 0
               OR MIN(s.number) <> MAX(s.number)""",
    ),
    Rule(
        N_("{paper}: está reversado el {on}, antes de existir."),
        f"""SELECT {PAPER}, v.reversed_on AS "on" FROM ledger_reversal v
            JOIN ledger_entry e ON e.source = v.source AND e.source_id = v.source_id
            WHERE v.reversed_on < e.booked_on""",
    ),
)  # fmt: skip


def broken(session: Session, rules: Iterable[Rule]) -> Iterator[str]:
    """One sentence for each row that breaks a rule."""
    for rule in rules:
        for row in session.execute(text(rule.query)).mappings():
            yield _(rule.sentence).format(**{name: shown(_fact(name, value)) for name, value in row.items()})


def _fact(name: str, value: Any) -> object:
    if name in _CENTS:
        return from_cents(int(value))
    if name == "on" and isinstance(value, str):
        return date.fromisoformat(value)  # SQLite keeps dates as text
    return str(value) if name == "id" else value


# ------------------------------------------------------------------ the aging and the ledger
def untied(session: Session, dates: Sequence[date]) -> Iterator[str]:
    """Customers whose open balances do not add up to their ledger on one of these dates."""
    for as_of in dates:
        item = open_items(session, as_of)
        owed = case((item.c.due_on.is_(None), -item.c.balance), else_=item.c.balance)
        moved = case((col(Entry.side) == Side.CHARGE, -col(Entry.amount)), else_=col(Entry.amount))
        both = union_all(
            select(item.c.customer_id, item.c.currency, owed.label("amount")),
            select(col(Entry.customer_id), col(Entry.currency), moved).where(col(Entry.booked_on) <= as_of),
        ).subquery()
        rows = session.execute(
            select(both.c.customer_id, both.c.currency)
            .group_by(both.c.customer_id, both.c.currency)
            .having(func.sum(both.c.amount) != 0)
        )
        for customer_id, currency in rows:
            code = session.scalar(text("SELECT code FROM customer WHERE id = :id").bindparams(id=customer_id))
            told = _("{customer}, {currency}: el saldo abierto al {on} no es la suma de sus movimientos.")
            yield told.format(customer=code, currency=currency, on=shown(as_of))


# ------------------------------------------------------------------ closed months
#: Facts that carry a date and the event of the write that made them.
_DATED = (
    ("document", "issued_on", "number"), ("payment", "paid_on", "number"), ("ledger_reversal", "reversed_on", "id"),
    ("ledger_application", "applied_on", "id"), ("ledger_adjustment", "booked_on", "id"),
)  # fmt: skip


class Closing(NamedTuple):
    """From this event on, nothing more was to be dated up to `through`."""

    event_id: int
    through: date


def closings(session: Session) -> list[Closing] | None:
    """Every closing and opening, oldest first; None when the months and the log do not say the same."""
    told = session.execute(
        text(
            "SELECT id, action, entity_id, user_name FROM audit_event"
            " WHERE action IN ('month.closed', 'month.reopened') ORDER BY id"
        )
    ).all()
    columns = (col(MonthLock.closes), col(MonthLock.month), col(MonthLock.user_name))
    locks = session.execute(select(*columns).order_by(col(MonthLock.id)))
    if [tuple(one) for one in locks] != [(int(action == "month.closed"), month, who) for _, action, month, who in told]:
        return None
    found: list[Closing] = []
    through = ""
    for event, action, month, _who in told:
        through = max(through, month) if action == "month.closed" else min(through, previous(month))
        found.append(Closing(event, last_day(through)))
    return found


def written_in_closed_months(session: Session, closed: Sequence[Closing]) -> Iterator[str]:
    """What was dated in a month by a write that came after the month was closed, and before it was opened again."""
    if not closed:
        return
    numbered = [*enumerate(closed)]
    when = " ".join(f"WHEN x.event_id > {one.event_id} THEN :on{place}" for place, one in reversed(numbered))
    bound = [bindparam(f"on{place}", one.through, Date) for place, one in numbered]
    for table, on, name in _DATED:
        query = f'SELECT x.{name} AS name, x.{on} AS "on" FROM {table} x WHERE x.{on} <= CASE {when} END'
        for row in session.execute(text(query).bindparams(*bound)):
            yield in_closed_month(table, row[0], _fact("on", row[1]))


def in_closed_month(table: str, name: object, on: object) -> str:
    """The sentence about a row that was dated in a closed month."""
    sentence = _("{table} {name}: lleva la fecha {on}, de un mes que ya estaba cerrado cuando se escribió.")
    return sentence.format(table=table, name=name, on=shown(on))
