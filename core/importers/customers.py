"""Kind `customers`: who is not known is made, who is known gets what the file says, with history."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Permission
from core.customers import bulk, tax_ids
from core.customers.bulk import Card
from core.customers.fields import CREDIT, MOST_DAYS, countries, is_email
from core.customers.models import Customer, CustomerStatus
from core.customers.visibility import code_key
from core.i18n import N_
from core.importers import fields as f
from core.importers import values
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field
from core.importers.lookups import Party, in_chunks, refuse_several, unknown_customer
from core.importers.notices import TAX_ID_DOUBTFUL, ZEROS
from core.importers.parsing import BadCell, Progress, Row
from core.importers.refusals import BadValue

STATUS = f.closed({"active": ("activo", "activa", "alta", "vigente"), "inactive": ("inactivo", "inactiva", "baja")})
LANGUAGE = f.closed({"es": ("español", "spanish", "castellano"), "en": ("inglés", "english")})


def _email(cell: str) -> str:
    value = values.text(cell, 250)
    if not is_email(value):
        raise BadValue(N_("«{value}» no es un correo; escriba nombre@empresa.com"), value=values.shown(cell))
    return value


def _country(cell: str) -> str:
    value = cell.strip().upper()
    if value not in countries():
        raise BadValue(
            N_("«{value}» no es un país; escriba su clave de dos letras: MX, US, PR…"), value=values.shown(cell)
        )
    return value


def _zone(cell: str) -> str:
    value = cell.strip()
    if value not in available_timezones():
        raise BadValue(N_("«{value}» no es una zona horaria; escriba, por ejemplo, America/Mexico_City"),
                       value=values.shown(cell))  # fmt: skip
    return value


FIELDS = (
    Field(name="code", reader=f.code(40), label=N_("Clave"), required=True, example="C001",
          also=("clave", "código", "clave cliente", "código cliente", "no. cliente", "número de cliente", "id cliente",
                "cliente", "cuenta", "customer id", "customer no", "cust_number", "customer number", "customer code",
                "account", "customer", "ccodigocliente", "kunnr", "cliente_id"),
          told=N_("La clave del cliente en su sistema; los ceros a la izquierda se conservan.")),
    Field(name="legal_name", reader=f.text(250), label=N_("Nombre o razón social"), required=True,
          example="Ferretería La Paloma, S.A. de C.V.",
          also=("razón social", "nombre", "nombre o razón social", "nombre cliente", "name", "customer name",
                "name_customer", "legal name", "crazonsocial"),
          told=N_("Como debe aparecer en el estado de cuenta.")),
    Field(name="tax_id", reader=f.text(20), label=N_("RFC"), example="FPA010203AB1",
          also=("rfc", "tax id", "nit", "crfc", "rfc cliente"),
          told=N_("Un dígito verificador que no cuadra solo se avisa.")),
    Field(name="region", reader=f.text(80), label=N_("Región"), example="NORTE", also=("región", "zona")),
    Field(name="district", reader=f.text(80), label=N_("Distrito"), also=("distrito", "plaza")),
    Field(name="sales_rep", reader=f.text(80), label=N_("Asesor de ventas"), example="V01",
          also=("vendedor", "asesor", "asesor de ventas", "agente", "ejecutivo", "sales rep", "salesperson"),
          told=N_("Clave o nombre del asesor, como se escribe en los usuarios.")),
    Field(name="collector", reader=f.text(80), label=N_("Gestor de cobranza"), example="gabriela",
          also=("gestor", "cobrador", "gestor de cobranza", "ejecutivo de cobranza"),
          told=N_("El usuario que cobra a este cliente y lo ve.")),
    Field(name="segment", reader=f.text(80), label=N_("Segmento"), also=("segmento",)),
    Field(name="currency", reader=f.currency, label=N_("Moneda"), example="MXN", also=("moneda", "divisa"),
          told=N_("Clave ISO; vacía, la de la empresa.")),
    Field(name="terms_days", reader=f.whole(0, MOST_DAYS), label=N_("Días de crédito"), example="30",
          also=("días de crédito", "plazo", "días", "condiciones", "condiciones de pago", "terms", "terms days",
                "payment terms"),
          told=N_("Vacío es 0: de contado.")),
    Field(name="credit_limit", reader=f.amount, label=N_("Límite de crédito"), example="150000.00", is_amount=True,
          also=("límite", "límite de crédito", "credit limit", "línea de crédito"),
          told=N_("En la moneda de la empresa; vacío no se controla, 0 es sin crédito.")),
    Field(name="email", reader=lambda _: _email, label=N_("Correo"), example="pagos@lapaloma.mx",
          also=("correo", "correo electrónico", "e-mail", "mail")),
    Field(name="phone", reader=f.text(60), label=N_("Teléfono"), example="81 8345 0000",
          also=("teléfono", "tel", "telephone")),
    Field(name="language", reader=f.choice(LANGUAGE), label=N_("Idioma"), example="es", words=LANGUAGE,
          also=("idioma",), told=N_("De sus cartas y estados de cuenta: es o en.")),
    Field(name="status", reader=f.choice(STATUS), label=N_("Estado"), example="activo", words=STATUS,
          also=("estado", "estatus", "situación"), told=N_("activo o inactivo; vacío, activo.")),
    Field(name="parent", reader=f.code(40), label=N_("Cliente principal"),
          also=("cliente principal", "matriz", "pagador", "parent customer"),
          told=N_("Clave del cliente del que depende; puede estar en el mismo archivo.")),
    Field(name="country", reader=lambda _: _country, label=N_("País"), example="MX", also=("país",),
          told=N_("Dos letras: MX, US, PR…")),
    Field(name="time_zone", reader=lambda _: _zone, label=N_("Zona horaria"), example="America/Mexico_City",
          also=("zona horaria", "time zone")),
)  # fmt: skip
#: What other kinds may say of the customers that they make.
MADE = tuple(
    replace(one, name=f"customer.{one.name}", required=False, also=(one.name, *one.also))
    for one in FIELDS if one.name not in ("code", "parent")
)  # fmt: skip


@dataclass(slots=True)
class CustomerRow(Row):
    """A row of the file."""

    code: str
    legal_name: str
    tax_id: str | None
    region: str | None
    district: str | None
    sales_rep: str | None
    collector: str | None
    segment: str | None
    currency: str | None
    terms_days: int | None
    credit_limit: int | None
    email: str | None
    phone: str | None
    language: str | None
    status: str | None
    parent: str | None
    country: str | None
    time_zone: str | None


#: A customer of the database by its id, or one of the file by its code without zeros.
Node = int | str
_BLANK = {"terms_days": 0, "status": CustomerStatus.ACTIVE.value}
_TEXTS = tuple(one.name for one in FIELDS if one.name not in ("code", "parent", "tax_id"))


class Customers(Checker[CustomerRow]):
    """Checks against all customers whose codes the file names, and against the file itself."""

    def __init__(self, look: Look) -> None:
        """The customers named, parents included, and the tree of all parents when the file brings any."""
        super().__init__(look)
        rows: list[CustomerRow] = look.parsed.rows
        self._by_code: dict[str, Card] = {}
        self._by_key: dict[str, list[Card]] = {}
        named = (code_key(code) for row in rows for code in (row.code, row.parent) if code)
        for chunk in in_chunks(named):
            for card in bulk.cards(look.session, chunk):
                self._by_code[card.code] = card
                self._by_key.setdefault(code_key(card.code), []).append(card)
        self._codes = {row.code for row in rows}
        self._in_file = {code_key(code) for code in self._codes}
        self._above: dict[Node, Node] = {}
        if "parent" in look.parsed.present:
            tree = select(col(Customer.id), col(Customer.parent_id)).where(col(Customer.parent_id).is_not(None))
            self._above = {id_ or 0: parent or 0 for id_, parent in look.session.execute(tree)}
        self._new: dict[Node, tuple[CustomerRow, Card]] = {}
        self._changed: dict[Node, tuple[CustomerRow, Card, Card]] = {}
        self._parents: dict[Node, tuple[CustomerRow, Node | None]] = {}  # what good rows say of their parent

    def key(self, row: CustomerRow) -> Hashable:
        """The customer, however its code is spelt."""
        return self._node(row.code, "code")

    def _node(self, code: str, column: str) -> Node:
        known = self._known(code, column)
        return known.id if known else code_key(code)

    def _known(self, code: str, column: str) -> Card | None:
        if code in self._by_code:
            return self._by_code[code]
        alike = self._by_key.get(code_key(code), [])
        refuse_several(code, [card.code for card in alike], column)
        return alike[0] if alike else None

    def same(self, one: CustomerRow, other: CustomerRow) -> bool:
        """Whether they say the same of the one customer."""
        return super().same(replace(one, code=other.code), other)

    def judge(self, row: CustomerRow) -> State:
        """New, updated or repeated."""
        known = self._known(row.code, "code")
        node: Node = known.id if known else code_key(row.code)
        parent = self._parent_of(row)
        card = self._said(row, known)
        self._doubt(row, card, known)
        if known is not None and known.code != row.code:
            self.look.notices.add(ZEROS, row.at, what=row.code)
        if known is None:
            self._new[node] = (row, card)
            self._parents[node] = (row, parent)
            return State.NEW
        if isinstance(parent, str):
            card.parent_id = -1  # somebody of this file
        elif "parent" in self.look.parsed.present:
            card.parent_id = parent
        differs = {name for name in bulk.NAMES if getattr(card, name) != getattr(known, name)}
        if not differs:
            return State.REPEATED
        if (forbidden := CREDIT & differs) and not self.look.actor.may(Permission.CHANGE_CREDIT_TERMS):
            raise BadCell(min(forbidden), N_("límite y días de crédito de un cliente que ya existe los cambia crédito"))
        if "parent" in self.look.parsed.present:
            self._parents[node] = (row, parent)
        self._changed[node] = (row, known, card)
        return State.UPDATED

    def _said(self, row: CustomerRow, known: Card | None) -> Card:
        """The customer as the row leaves it: what no column brings stays, a blank clears."""
        card = replace(known) if known else Card(row.code, row.legal_name)
        for name in _TEXTS:
            if name in self.look.parsed.present:
                value = getattr(row, name)
                setattr(card, name, _BLANK.get(name) if value is None else value)
        if "tax_id" in self.look.parsed.present:
            card.tax_id = tax_ids.tidy(row.tax_id, card.country)
        return card

    def _doubt(self, row: CustomerRow, card: Card, known: Card | None) -> None:
        if card.tax_id and (known is None or card.tax_id != known.tax_id) and tax_ids.doubt(card.tax_id, card.country):
            self.look.notices.add(TAX_ID_DOUBTFUL, row.at, what=card.tax_id)

    def _parent_of(self, row: CustomerRow) -> Node | None:
        if row.parent is None:
            return None
        node = self._node(row.parent, "parent")
        if isinstance(node, str) and node not in self._in_file:
            raise unknown_customer(row.parent, "parent")
        if row.parent not in self._by_code and row.parent not in self._codes:
            self.look.notices.add(ZEROS, row.at, what=row.parent)
        return node

    # ---------------------------------------------------------------- parents, once all rows are known
    def settle(self) -> list[tuple[CustomerRow, BadCell]]:
        """Rows whose parent turned out bad, and circles."""
        found: list[tuple[CustomerRow, BadCell]] = []
        while wrong := self._orphans() or self._circle():
            for node, error in wrong:
                row, _ = self._parents.pop(node)
                self._new.pop(node, None)
                self._changed.pop(node, None)
                found.append((row, error))
        return found

    def _orphans(self) -> list[tuple[Node, BadCell]]:
        return [
            (node, BadCell("parent", N_("la fila de su cliente principal «{code}» tiene error"), code=row.parent))
            for node, (row, parent) in self._parents.items()
            if isinstance(parent, str) and parent not in self._new
        ]

    def _circle(self) -> list[tuple[Node, BadCell]]:
        above = self._above | {node: parent for node, (_, parent) in self._parents.items()}
        clear: set[Node] = set()
        for start in self._parents:
            path: dict[Node, None] = {}
            step: Node | None = start
            while step is not None and step not in clear and step not in path:
                path[step] = None
                step = above.get(step)
            if step is not None and step in path:
                walked = list(path)
                circle = walked[walked.index(step) :]
                return [
                    (node, BadCell("parent", N_("«{code}» y su cliente principal dependen uno del otro"),
                                   code=self._parents[node][0].code))
                    for node in circle if node in self._parents
                ]  # fmt: skip
            clear.update(path)
        return []

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """Makes the new ones, changes the others."""
        bulk.create(session, [card for _, card in self._new.values()], event_id=event_id)
        ids: dict[Node, int] = {node: card.id for node, (_, card) in self._new.items()}
        pairs = [(ids.get(parent, parent), ids[node]) for node, (_, parent) in self._parents.items()
                 if node in ids and parent is not None]  # fmt: skip
        bulk.set_parents(session, [(int(parent), child) for parent, child in pairs])
        for node, (_, _known, card) in self._changed.items():
            if card.parent_id == -1:
                card.parent_id = ids[str(self._parents[node][1])]
        bulk.change(session, [(known, card) for _, known, card in self._changed.values()], event_id=event_id)


def make(session: Session, parties: Sequence[Party], *, event_id: int) -> dict[int, int]:
    """Makes the customers that a file of another kind names; placeholder id to real id."""
    made = []
    for party in parties:
        said = {
            name.removeprefix("customer."): value for name, value in (party.made or {}).items() if value is not None
        }
        card = Card(party.code, said.pop("legal_name", party.code))
        for name, value in said.items():
            setattr(card, name, value)
        card.tax_id = tax_ids.tidy(card.tax_id, card.country)
        made.append(card)
    bulk.create(session, made, event_id=event_id)
    return {party.id: card.id for party, card in zip(parties, made, strict=True)}


KIND = Kind(
    name="customers", title=N_("Clientes"), fields=FIELDS, row=CustomerRow, checker=Customers,
    permission=Permission.IMPORT_CUSTOMERS,
)  # fmt: skip
