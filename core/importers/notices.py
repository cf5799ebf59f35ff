"""What an import tells without refusing: one sentence a matter, with how many rows and which."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from core.i18n import N_, _, number

#: Matters. `{n}` is the count of rows, `{rows}` the first of them, `{what}` the first different things they named.
ROUNDED = N_("Filas con más de dos decimales en un importe, que se redondeó: {n} ({rows}). La diferencia suma {sum}.")
ZEROS = N_("Filas con la clave del cliente reconocida sin contar ceros a la izquierda: {n} ({rows}). Claves: {what}.")
DUE_BEFORE_ISSUE = N_("Filas que vencen antes de su emisión: {n} ({rows}).")
NOTHING_OPEN = N_("Filas cuyos documentos no tenían nada abierto, así que quedan como saldo a favor: {n} ({rows}).")
CUSTOMERS_MADE = N_("Clientes que no existían y se crean con los datos del archivo: {count}.")
NAMES_DIFFER = N_("Clientes nuevos con varios nombres en el archivo, se usa el primero: {count} ({what}).")
TAX_ID_DOUBTFUL = N_("Filas con un RFC cuya forma o dígito verificador no cuadra: {n} ({rows}). RFC: {what}.")
UNUSED_COLUMNS = N_("Columnas que no se usan: {what}.")
LEFT_OUT = N_("Filas que el formato deja fuera por lo que dicen sus columnas: {n} ({rows}). Dicen: {what}.")
_EXAMPLES = 5
_MOST = {UNUSED_COLUMNS: 200}  # each of them is named


class Told(NamedTuple):
    """One matter: the rows, the sum of what was rounded away, and the things named."""

    rows: list[int]
    sum: list[Decimal]
    what: dict[str, None]

    def sentence(self, template: str) -> str:
        """The matter in the language in use."""
        rows = [str(row) for row in self.rows[:_EXAMPLES]] + ["…"] * (len(self.rows) > _EXAMPLES)
        most = _MOST.get(template, _EXAMPLES)
        names = [*self.what][:most] + ["…"] * (len(self.what) > most)
        return _(template).format(
            n=number(len(self.rows)), rows=", ".join(rows), what=", ".join(names), count=number(len(self.what)),
            sum=sum(self.sum, Decimal()).normalize(),
        )  # fmt: skip


class Notices:
    """The matters of one import, in the order in which they were met."""

    def __init__(self) -> None:
        """Nothing to tell yet."""
        self.told: dict[str, Told] = {}

    def add(self, template: str, row: int | None = None, difference: Decimal | None = None, what: str = "") -> None:
        """One more row of a matter. Rows come in order; one that is told twice counts once."""
        told = self.told.get(template)
        if told is None:
            told = self.told[template] = Told([], [], {})
        if row is not None and (not told.rows or told.rows[-1] != row):
            told.rows.append(row)
        if difference is not None:
            told.sum.append(difference)
        if what:
            told.what[what] = None

    def sentences(self) -> list[str]:
        """One a matter."""
        return [told.sentence(template) for template, told in self.told.items()]

    def of_rows(self) -> Iterator[tuple[int, str]]:
        """Each row that a matter names, with the matter's template."""
        return ((row, template) for template, told in self.told.items() for row in told.rows)
