"""What a layout says, and what makes one wrong. Kinds, fields and words of a layout are the contract's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import DomainError
from core.i18n import N_
from core.importers.dates import Order
from core.importers.folding import fold


class BadLayout(DomainError):
    message = N_("El formato «{name}» no sirve: {reason}.")


class NotJson(DomainError):
    message = N_("«{name}» no es JSON: {reason}. Debe ser un objeto con «kind» y «columns».")


class LayoutOfAnotherKind(DomainError):
    message = N_("El formato «{name}» es de «{kind}», no de «{asked}». Elija uno de «{asked}».")


_KEYS = {
    "kind", "columns", "constants", "join", "date_order", "credits", "create_customers",
    "words", "skip", "choose", "tell", "credit_lines",
}  # fmt: skip
#: In `skip`: whatever is filled in; and zero, however it is written.
ANYTHING, ZERO = "*", "0"


@dataclass(frozen=True)
class Spec:
    """A layout. Each part of a `join` is one header, or several of which a file has one; a blank among them: or none.

    Beyond the contract, for the ready layouts: `words` says what a field's words stand for (`{"kind": {"H":
    "credit_note"}}`); `skip` leaves out rows by a column's words (`{"CANCELADO": ["S"]}`); `tell` warns of them;
    `choose` has columns that belong together (field to header): of each group the first whose columns are there;
    `credit_lines` is the header by which `applies_to` names documents of the same file (see credit_lines.py).
    """

    kind: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    join: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    date_order: Order | None = None
    credits: str | None = None
    create_customers: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choose: tuple[tuple[Mapping[str, str], ...], ...] = ()
    tell: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    credit_lines: str | None = None

    def titles(self) -> list[str]:
        """The headers that it names, as written."""
        joined = (part[0] for parts in self.join.values() for part in parts)
        chosen = (header for group in self.choose for one in group for header in one.values())
        return list(dict.fromkeys((*joined, *self.columns, *chosen)))

    def headers(self) -> dict[str, str]:
        """Folded headers to fields."""
        joined = {fold(one): name for name, parts in self.join.items() for part in parts for one in part if one}
        chosen = {fold(header): name for group in self.choose for one in group for name, header in one.items()}
        return {fold(header): name for header, name in self.columns.items()} | chosen | joined

    def as_json(self) -> dict[str, Any]:
        """The layout as it is shown and kept: only what it says."""
        said: dict[str, Any] = {"kind": self.kind, "columns": dict(self.columns)}
        if self.constants:
            said["constants"] = dict(self.constants)
        if self.join:
            said["join"] = {
                name: [part[0] if len(part) == 1 else list(part) for part in parts] for name, parts in self.join.items()
            }
        if self.date_order:
            said["date_order"] = str(self.date_order)
        if self.credits:
            said["credits"] = self.credits
        if self.create_customers:
            said["create_customers"] = True
        if self.words:
            said["words"] = {name: dict(words) for name, words in self.words.items()}
        if self.skip:
            said["skip"] = {header: list(words) for header, words in self.skip.items()}
        if self.choose:
            said["choose"] = [[dict(one) for one in group] for group in self.choose]
        if self.tell:
            said["tell"] = {header: dict(words) for header, words in self.tell.items()}
        if self.credit_lines:
            said["credit_lines"] = self.credit_lines
        return said


def parse(name: str, data: object, fields_of: Mapping[str, Iterable[str]]) -> Spec:
    """The layout that `data` says, checked; BadLayout with what is wrong. `fields_of`: the fields of each kind."""
    said = _Said(name)
    whole = said.mapping(data, N_("debe ser un objeto de JSON"))
    if extra := sorted(set(whole) - _KEYS):
        said.refuse(N_("no se conoce «{key}»"), key=extra[0])
    kind = str(whole.get("kind"))
    if kind not in fields_of:
        said.refuse(N_("«kind» debe ser uno de: {kinds}"), kinds=", ".join(fields_of))
    fields = set(fields_of[kind])
    columns = said.fields(said.mapping(whole.get("columns"), N_("falta «columns»: encabezado a campo")), fields)
    choose = said.groups(whole.get("choose", []))
    if not columns and not whole.get("join") and not choose:
        said.refuse(N_("«columns» no nombra ninguna columna"))
    constants = {
        key: said.text(value) for key, value in said.mapping(whole.get("constants", {}), _OBJECT, "constants").items()
    }
    joins = said.mapping(whole.get("join", {}), _OBJECT, "join")
    join = {key: said.parts(value) for key, value in joins.items()}
    if any(not headers for headers in join.values()):
        said.refuse(N_("«join» necesita al menos una columna por campo"))
    words = said.tables(whole.get("words", {}), "words")
    said.known([*constants, *join, *words, *(name for group in choose for one in group for name in one)], fields)
    skip = said.mapping(whole.get("skip", {}), _OBJECT, "skip")
    documents = kind == "documents"
    return Spec(
        kind, columns, constants, join, said.order(whole.get("date_order")),
        said.one_of("credits", whole.get("credits"), ("negative",), documents),
        said.switch("create_customers", whole.get("create_customers", False), "customer.legal_name" in fields),
        words, {key: said.texts(value, "skip") for key, value in skip.items()}, choose,
        said.tables(whole.get("tell", {}), "tell"), said.header("credit_lines", whole.get("credit_lines"), documents),
    )  # fmt: skip


_OBJECT = N_("«{key}» debe ser un objeto")


class _Said:
    """Reads what a layout says; each wrong thing is a BadLayout that names it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, template: str, **facts: object) -> None:
        from core.i18n import _

        raise BadLayout(name=self.name, reason=_(template).format(**facts))

    def mapping(self, value: object, template: str, key: str = "") -> dict[str, Any]:
        if not isinstance(value, dict):
            self.refuse(template, key=key)
        assert isinstance(value, dict)
        return value

    def known(self, names: Iterable[str], fields: set[str]) -> None:
        for one in names:
            if one not in fields:
                self.refuse(N_("no existe el campo «{field}»"), field=one)

    def fields(self, columns: dict[str, Any], fields: set[str]) -> dict[str, str]:
        seen: dict[str, str] = {}
        for header, name in columns.items():
            if not isinstance(name, str) or name not in fields:
                self.refuse(N_("no existe el campo «{field}»"), field=name)
            if not fold(header):
                self.refuse(N_("«{header}» no es un encabezado"), header=header)
            if seen.setdefault(fold(header), name) != name:
                self.refuse(N_("«{header}» está dos veces"), header=header)
        return dict(columns)

    def tables(self, value: object, key: str) -> dict[str, dict[str, str]]:
        return {
            name: {word: self.text(one) for word, one in self.mapping(words, _OBJECT, key).items()}
            for name, words in self.mapping(value, _OBJECT, key).items()
        }

    def groups(self, value: object) -> tuple[tuple[dict[str, str], ...], ...]:
        if not isinstance(value, list) or any(not isinstance(group, list) for group in value):
            self.refuse(N_("«{key}» debe dar una lista"), key="choose")
        assert isinstance(value, list)
        return tuple(tuple(self.tables({"": one}, "choose")[""] for one in group) for group in value)

    def text(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.refuse(N_("«{value}» debe ir entre comillas"), value=value)
        return str(value)

    def parts(self, value: object) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            self.refuse(N_("«{key}» debe dar una lista"), key="join")
        assert isinstance(value, list)
        return tuple(self.texts(one, "join") if isinstance(one, list) else (self.text(one),) for one in value)

    def texts(self, value: object, key: str) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.refuse(N_("«{key}» debe dar una lista"), key=key)
        assert isinstance(value, list)
        return tuple(self.text(one) for one in value)

    def order(self, value: object) -> Order | None:
        found = self.one_of("date_order", value, tuple(Order), True)
        return Order(found) if found else None

    def one_of(self, key: str, value: object, allowed: Iterable[str], fits: bool) -> str | None:
        if value is None:
            return None
        if not fits:
            self.refuse(N_("«{key}» no vale para este tipo de archivo"), key=key)
        if value not in tuple(allowed):
            self.refuse(N_("«{key}» debe ser uno de: {allowed}"), key=key, allowed=", ".join(allowed))
        return str(value)

    def header(self, key: str, value: object, fits: bool) -> str | None:
        if value is None:
            return None
        if not fits:
            self.refuse(N_("«{key}» no vale para este tipo de archivo"), key=key)
        if not fold(self.text(value)):
            self.refuse(N_("«{header}» no es un encabezado"), header=value)
        return str(value)

    def switch(self, key: str, value: object, fits: bool) -> bool:
        if not isinstance(value, bool):
            self.refuse(N_("«{key}» debe ser true o false"), key=key)
        if value and not fits:
            self.refuse(N_("«{key}» no vale para este tipo de archivo"), key=key)
        return bool(value)
