"""Files as an ERP exports them, of any size, drawn at random with a fixed seed."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from tests.bench.books import PER_CUSTOMER, TODAY

DOCUMENT = (
    "Tipo", "Folio", "Cliente", "Fecha de emisión", "Vencimiento", "Subtotal", "IVA", "Total", "Moneda", "Vendedor",
    "Orden de compra",
)  # fmt: skip
PAYMENT = ("Número", "Fecha", "Importe", "Cliente", "Forma de pago", "Referencia bancaria", "Se aplica a")
APPLICATION = ("Pago", "Documento", "Importe", "Fecha")
#: Of a customer's fifty documents, so many are closed by payments that say what they pay…
_NAMED = 30
#: …and from here on by rows of `applications`.
_LATER = 30


def customers(count: int) -> bytes:
    """The customers of the other files."""
    header = ("Clave", "Razón social", "Región", "Vendedor", "Días de crédito")
    return _csv(header, ([_code(one), f"Cliente {one}", f"R{one % 12}", f"V{one % 40}", "30"] for one in range(count)))


def documents(count: int) -> list[Sequence[str]]:
    """Rows of `documents` below the header, eleven filled cells each, mixed as the days mix customers."""
    random = Random(1)
    rows: list[Sequence[str]] = []
    for one in range(count):
        issued = _issued(one)
        subtotal = _cents(one) * 25
        rows.append((
            "nota de cargo" if one % 40 == 7 else "factura", _number(one), _code(one // PER_CUSTOMER),
            f"{issued:%d/%m/%Y}", f"{issued + timedelta(days=30):%d/%m/%Y}", _amount(subtotal),
            _amount(subtotal * 16 // 100), _amount(subtotal * 116 // 100), "MXN", f"V{one % 40}", f"OC-{one}",
        ))  # fmt: skip
    random.shuffle(rows)
    return rows


def payments(documents: int) -> list[Sequence[str]]:
    """Rows of `payments`: ten close two documents each with amounts, ten one each, twenty name none yet."""
    random = Random(2)
    rows: list[Sequence[str]] = []
    for customer in range(documents // PER_CUSTOMER):
        first = customer * PER_CUSTOMER
        for place in range(40):
            if place < 10:
                paid = [first + 2 * place, first + 2 * place + 1]
                said = ";".join(f"{_number(one)}:{_amount(_total(one))}" for one in paid)
            elif place < 20:
                paid = [first + 10 + place]
                said = _number(paid[0])
            else:
                paid, said = [first + 10 + place], ""
            on = min(max(map(_issued, paid)) + timedelta(days=35), TODAY)
            rows.append((
                f"P-{customer:06d}-{place:02d}", f"{on:%d/%m/%Y}", _amount(sum(map(_total, paid))), _code(customer),
                "transferencia", f"{random.randrange(10**9)}", said,
            ))  # fmt: skip
    random.shuffle(rows)
    return rows


def applications(documents: int) -> list[Sequence[str]]:
    """Rows of `applications`: each payment that named none closes half of two documents."""
    random = Random(3)
    rows: list[Sequence[str]] = []
    for customer in range(documents // PER_CUSTOMER):
        first = customer * PER_CUSTOMER
        for place in range(20, 40):
            own = first + 10 + place
            other = first + _LATER + (place - 19) % 20
            half = min(_total(own), _total(other)) // 2
            rows += [(f"P-{customer:06d}-{place:02d}", _number(one), _amount(half), "") for one in (own, other)]
    random.shuffle(rows)
    return rows


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file of these rows."""
    return _csv(header, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _code(customer: int) -> str:
    return f"C{customer:06d}"


def _number(document: int) -> str:
    return f"F-{document:08d}"


def _issued(document: int) -> date:
    return TODAY - timedelta(days=document * 7919 % 1000)


def _cents(document: int) -> int:
    return 100 + document * 104_729 % 90_000


def _total(document: int) -> int:
    return _cents(document) * 25 * 116 // 100


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
