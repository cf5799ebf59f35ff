"""Kind `contacts`: calls, visits and messages that collectors made, and what came of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Permission, Role
from core.clock import local
from core.collections.bulk import write_contacts
from core.collections.models import Channel, Contact
from core.collections.outcomes import channel_code, outcome_code
from core.config import config
from core.customers.models import Customer, CustomerChange
from core.i18n import N_
from core.importers import fields as f
from core.importers import values
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field, remembered
from core.importers.lookups import Parties, Party, conflict, rows_of
from core.importers.moments import Moment, dates_in, moment
from core.importers.parsing import BadCell, Progress, Row
from core.importers.refusals import BadValue
from core.tables import among


def _channel(cell: str) -> str:
    found = channel_code(cell)
    if found is None:
        raise BadValue(N_("«{value}» no es uno de los valores posibles: {allowed}"),
                       value=values.shown(cell), allowed=", ".join(Channel))  # fmt: skip
    return found


def _outcome(cell: str) -> str:
    return outcome_code(values.text(cell, 120))


FIELDS = (
    Field(name="customer", reader=f.code(40), label=N_("Cliente"), required=True, example="C001",
          also=("cliente", "clave cliente", "clave del cliente", "código cliente", "código de cliente", "no. cliente",
                "número de cliente", "clave", "código", "cust_number", "customer id", "customer number", "account")),
    Field(name="at", reader=moment, label=N_("Fecha y hora"), required=True, example="2026-03-31 16:30",
          dates_in=dates_in,
          also=("fecha y hora", "fecha", "fecha de gestión", "fecha hora", "momento", "fecha de contacto",
                "fecha de llamada", "date", "date time", "datetime", "contact date", "call date", "timestamp"),
          told=N_("Con hora o solo la fecha; sin zona escrita, la hora del reloj del cliente.")),
    Field(name="channel", reader=lambda _: remembered(_channel), label=N_("Medio"), required=True, example="call",
          also=("medio", "canal", "vía", "tipo", "tipo de gestión", "tipo de contacto", "contact type", "type",
                "method"),
          told=N_("call, visit, email, whatsapp o letter: llamada, visita, correo, whatsapp o carta.")),
    Field(name="outcome", reader=lambda _: _outcome, label=N_("Resultado"), required=True, example="no_answer",
          also=("resultado", "resultado de gestión", "código de resultado", "resultado de la llamada", "result",
                "outcome code", "disposition"),
          told=N_("Clave o palabras del catálogo; cualquier otro texto se conserva como está.")),
    Field(name="notes", reader=f.text(2000, multiline=True), label=N_("Notas"), example="",
          also=("notas", "comentarios", "comentario", "observaciones", "detalle", "comments", "remarks")),
    f.a_date("next_action_on", N_("Próxima acción"), example="",
             also=("próxima acción", "próximo contacto", "fecha próxima", "siguiente contacto", "fecha de seguimiento",
                   "seguimiento", "next action", "follow up", "follow up date", "next contact")),
    Field(name="collector", reader=f.text(80), label=N_("Gestor"), example="",
          also=("gestor", "cobrador", "ejecutivo", "ejecutivo de cobranza", "usuario", "agent", "user"),
          told=N_("Vacío: quien carga el archivo si es gestor; si no, el gestor del cliente.")),
)  # fmt: skip


@dataclass(slots=True)
class ContactRow(Row):
    """A row of the file; `when` is its column `at`."""

    customer: str
    when: Moment
    channel: str
    outcome: str
    notes: str | None
    next_action_on: date | None
    collector: str | None


class _Owner(NamedTuple):
    time_zone: str | None
    collector: str | None


class Contacts(Checker[ContactRow]):
    """Contacts that are new; one that is there is never changed."""

    def __init__(self, look: Look) -> None:
        """The customers that the rows name, and what is known of those moments."""
        super().__init__(look)
        rows: list[ContactRow] = look.parsed.rows
        self.parties = Parties(look, (row.customer for row in rows))
        self._owners = self._owners_of({party.id for row in rows if (party := self._party(row)) is not None})
        self.known = self._known(rows)
        self._moved = self._before_moving()
        self.new: list[tuple[Any, ...]] = []

    def _party(self, row: ContactRow) -> Party | None:
        try:
            return self.parties.of(row.customer, row.at)
        except BadCell:
            return None

    def _owners_of(self, ids: set[int]) -> dict[int, _Owner]:
        found = rows_of(
            self.look.session, ids,
            lambda chunk: select(col(Customer.id), col(Customer.time_zone), col(Customer.collector)).where(
                among(col(Customer.id), chunk)
            ),
        )  # fmt: skip
        return {id_: _Owner(zone, collector) for id_, zone, collector in found}

    def _known(self, rows: list[ContactRow]) -> dict[tuple[int, datetime, str], Any]:
        """The contacts of these customers within the days of the file."""
        if not rows:
            return {}
        moments = [datetime.combine(row.when.on, time(), UTC) for row in rows]
        columns = (
            col(Contact.customer_id), col(Contact.at), col(Contact.channel), col(Contact.outcome), col(Contact.notes),
            col(Contact.next_action_on), col(Contact.collector), col(Contact.event_id),
        )  # fmt: skip
        first, last = min(moments) - _A_DAY_AND_MORE, max(moments) + _A_DAY_AND_MORE
        found = rows_of(
            self.look.session, self._owners,
            lambda chunk: select(*columns).where(
                among(col(Contact.customer_id), chunk), col(Contact.at).between(first, last)
            ),
        )  # fmt: skip
        return {(row.customer_id, row.at, row.channel): row for row in found}

    def _before_moving(self) -> dict[tuple[int, datetime, str], Any]:
        """Those recorded before their customer's time zone changed, by what the clocks there showed then: the same
        file says the same moment with the same hour."""
        changed = rows_of(
            self.look.session, {customer for customer, _at, _channel in self.known},
            lambda chunk: select(
                col(CustomerChange.customer_id), col(CustomerChange.event_id), col(CustomerChange.before)
            ).where(among(col(CustomerChange.customer_id), chunk), col(CustomerChange.field) == "time_zone"),
        )  # fmt: skip
        zones = defaultdict(list)
        for customer, event, before in changed:
            zones[customer].append((event, before))
        found = {}
        for (customer, at, channel), one in self.known.items():
            later = [zone for zone in zones[customer] if zone[0] > one.event_id]
            if later:
                _event, zone = min(later, key=itemgetter(0))
                found[customer, at.astimezone(_zone(zone)).replace(tzinfo=None), channel] = one
        return found

    def _recorded(self, party: Party, row: ContactRow, at: datetime) -> Any | None:
        """What is known of that moment."""
        shown = datetime.combine(row.when.on, row.when.at)
        before = self._moved.get((party.id, shown, row.channel)) if row.when.offset is None else None
        return before or self.known.get((party.id, at, row.channel))

    def key(self, row: ContactRow) -> Hashable:
        """Customer, moment and channel."""
        party = self.parties.of(row.customer, row.at)
        return party.id, self._utc(party, row), row.channel

    def same(self, one: ContactRow, other: ContactRow) -> bool:
        """Whether they say the same of it."""
        return all(getattr(one, name) == getattr(other, name) for name in _SAID)

    def _utc(self, party: Party, row: ContactRow) -> datetime:
        return row.when.utc(_zone(self._owners[party.id].time_zone))

    def judge(self, row: ContactRow) -> State:
        """New, or known and equal as far as the row is filled."""
        party = self.parties.of(row.customer, row.at)
        at = self._utc(party, row)
        known = self._recorded(party, row, at)
        if known is not None:
            for name in _SAID:
                said = getattr(row, name)
                if said is not None and said != getattr(known, name):
                    raise conflict(name, row.customer, said, getattr(known, name))
            return State.REPEATED
        on = row.when.on if row.when.at == time() and row.when.offset is None else local(at).date()
        actor = self.look.actor
        own = actor.name if actor.role is Role.COLLECTOR else self._owners[party.id].collector
        self.new.append(
            (party.id, at, on, row.channel, row.outcome, row.notes, row.next_action_on, row.collector or own)
        )
        return State.NEW

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The contacts."""
        write_contacts(session, ((*one, event_id) for one in self.new))


#: So far may a day of the file, read as one of UTC, be from the moment that is meant.
_A_DAY_AND_MORE = timedelta(days=2)
_SAID = ("outcome", "notes", "next_action_on", "collector")


def _zone(name: str | None) -> ZoneInfo:
    """A customer's time zone; the company's for who has none, or one that this machine does not know."""
    try:
        return ZoneInfo(name or config().tz_business)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(config().tz_business)


KIND = Kind(
    name="contacts", title=N_("Gestiones"), fields=FIELDS, row=ContactRow, checker=Contacts,
    permission=Permission.IMPORT_COLLECTION,
)  # fmt: skip
