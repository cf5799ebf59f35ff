"""Goal 12: what a rerun of each screen costs the server's processor, and what it sends to the browser.

The main page is run beside itself with its chart made by plotly express, and beside the page that everybody writes
first: read the tables into pandas, group, draw. The same books with a tenth of the documents show what grows.
"""

import logging
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from time import perf_counter, process_time
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy import text
from sqlmodel import col, select
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from core import db
from core.auth.actor import system
from core.auth.models import User
from core.auth.sessions import open_session
from core.auth.users import create_user
from core.config import ROOT
from tests.bench.books import PER_CUSTOMER, Shape, fill
from tests.bench.measure import Figure, Site, at_most, shown

MIB = 1024 * 1024
ROUNDS = 5
MAIN = "portfolio/aging"
_PASSWORD = "correct horse 9 battery"
#: Screens with what their address names; `{customer}` and the like are found in the books.
SCREENS = (
    "start/home", "portfolio/aging", "portfolio/aging?agrupar=Cliente", "portfolio/aging?agrupar=Documento",
    "portfolio/aging?corte=2026-05-31", "portfolio/statements", "portfolio/statements?cliente={customer}",
    "customers/customers", "customers/customer?cliente={customer}", "customers/edit_customer?cliente={customer}",
    "documents/document?folio={document}", "documents/notes", "documents/note_approvals", "payments/payments",
    "payments/payment?pago={payment}", "payments/apply_credit?folio={payment}", "payments/register_payment",
    "payments/register_payment?cliente={customer}", "payments/unidentified", "importers/import_file",
    "admin/audit_log", "admin/users", "admin/settings", "admin/close_month", "admin/my_account",
)  # fmt: skip


class Rerun(NamedTuple):
    """Medians of one screen: processor and clock in seconds, bytes to the browser."""

    cpu: float
    seconds: float
    sent: float


def figures(site: Site) -> Iterator[Figure]:
    """Goal 12."""
    logging.disable(logging.CRITICAL)
    customers = site.documents // PER_CUSTOMER
    try:
        few = _measured(site, Shape(site.documents // 10, customers))
        many = _measured(site, Shape(site.documents, customers))
        yield from _main_page(site)
    finally:
        logging.disable(logging.NOTSET)
    most = max(many, key=lambda name: many[name].sent)
    yield at_most("12", f"most that a screen sends in a rerun: {most}", many[most].sent / MIB, 1.2, unit="MiB")
    few_sent, many_sent = (sum(one.sent for one in measured.values()) for measured in (few, many))
    grown = max(many, key=lambda name: many[name].sent - few[name].sent)
    about = f"{many_sent / 1024:,.0f} KiB against {few_sent / 1024:,.0f}; most grew {grown}, lists end at 200 rows"
    what = "sent by all screens together with ten times the documents of the same customers"
    yield at_most("12", what, many_sent / few_sent, 1.2, about)
    for name, one in many.items():
        about = f"{shown(few[name].cpu)} with a tenth of the documents; sends {one.sent / 1024:,.1f} KiB"
        yield Figure("12", f"server time of a rerun: {name}", one.cpu * 1000, unit="ms", about=about)


# ------------------------------------------------------------------ every screen
def _measured(site: Site, shape: Shape) -> dict[str, Rerun]:
    site.empty()
    fill(shape)
    with db.transaction() as session:
        create_user(session, system(), name="pantallas", role="admin", password=_PASSWORD)
    named = _names()
    return {name: _rerun(_screen(name.format(**named))) for name in SCREENS}


def _names() -> dict[str, str]:
    """A customer, a document partly paid, a payment with something left."""
    queries = {
        "customer": "SELECT code FROM customer ORDER BY id LIMIT 1",
        "document": "SELECT number FROM ledger_entry WHERE side = 'charge' AND open > 0 AND open < amount LIMIT 1",
        "payment": "SELECT number FROM ledger_entry WHERE kind = 'payment' AND open > 0 LIMIT 1",
    }
    with db.reading() as session:
        return {name: session.execute(text(query)).scalar_one() for name, query in queries.items()}


def _screen(name: str) -> AppTest:
    """A screen as an administrator opens it."""
    path, _, address = name.partition("?")
    tested = AppTest.from_file(str(ROOT / f"pages/{path}.py"), default_timeout=300)
    with db.transaction() as session:
        user = session.execute(select(User).where(col(User.name) == "pantallas")).scalar_one()
        tested.session_state["sid"] = open_session(session, user)
    for part in filter(None, address.split("&")):
        key, _, value = part.partition("=")
        tested.query_params[key] = value
    return tested


def _rerun(tested: AppTest) -> Rerun:
    """The first run is left out: it imports and compiles."""
    tested.run()
    assert not tested.exception, tested.exception
    found = []
    with _sending() as sent:
        for _ in range(ROUNDS):
            sent.clear()
            clock, processor = perf_counter(), process_time()
            tested.run()
            found.append((process_time() - processor, perf_counter() - clock, sum(sent)))
    return Rerun(*(statistics.median(values) for values in zip(*found, strict=True)))


@contextmanager
def _sending() -> Iterator[list[int]]:
    """The size of each message to the browser. A browser that has a table already does not get it again; here it
    counts each time."""
    sizes: list[int] = []
    enqueue = ForwardMsgQueue.enqueue

    def counted(self: ForwardMsgQueue, message: Any) -> None:
        sizes.append(message.ByteSize())
        enqueue(self, message)

    with patch.object(ForwardMsgQueue, "enqueue", counted):
        yield sizes


# ------------------------------------------------------------------ the main page, other ways
def _main_page(site: Site) -> Iterator[Figure]:
    def ours() -> Rerun:
        return _rerun(_screen(MAIN))

    def express() -> Rerun:
        with patch("pages.ui.charts.aging_bars", _express), patch("pages.ui.charts._Ready", lambda figure: figure):
            return _rerun(_screen(MAIN))

    def naive() -> Rerun:
        return _rerun(AppTest.from_function(_naive, default_timeout=300))

    one, other, third = _lower(ours, express, naive)
    about = f"{shown(one)} against {shown(other)}"
    yield at_most("12", "processor of the main page, against the same with plotly express", one / other, 0.5, about)
    about = f"{shown(one)} against {shown(third)}"
    limit = 0.2 if site.documents >= 100_000 else None
    yield Figure("12", "processor of the main page, against reading all into pandas", one / third, limit, about=about)


def _lower(*candidates: Callable[[], Rerun]) -> list[float]:
    """Processor seconds of each in turns, twice: the lower."""
    rounds = [[candidate().cpu for candidate in candidates] for _ in range(2)]
    return [min(taken) for taken in zip(*rounds, strict=True)]


def _express(rows: Sequence[tuple[str, Sequence[Decimal]]], buckets: Sequence[str]) -> Any:
    """The page's chart as plotly express makes it."""
    import pandas as pd
    import plotly.express as px

    parts = [
        (name, bucket, float(amount)) for name, amounts in rows for bucket, amount in zip(buckets, amounts, strict=True)
    ]
    frame = pd.DataFrame(parts, columns=["name", "bucket", "amount"])
    return px.bar(frame, x="amount", y="name", color="bucket", orientation="h", text_auto=".2s")


def _naive() -> None:
    """The page that everybody writes first; AppTest runs its text alone."""
    import pandas as pd
    import plotly.express as px
    import streamlit as st

    from core import db

    with db.engine().connect() as connection:
        entries = pd.read_sql("SELECT * FROM ledger_entry", connection)
        customers = pd.read_sql("SELECT * FROM customer", connection)
    entries = entries[(entries["open"] > 0) & (entries["side"] == "charge")].merge(
        customers, left_on="customer_id", right_on="id"
    )
    days = (pd.Timestamp("2026-06-30") - pd.to_datetime(entries["due_on"])).dt.days
    entries["bucket"] = pd.cut(days, [-100_000, 0, 30, 60, 90, 120, 100_000]).astype(str)
    table = entries.pivot_table("open", "sales_rep", "bucket", "sum", observed=True).reset_index()
    st.metric("Total", entries["open"].sum() / 100)
    st.plotly_chart(px.bar(table.melt("sales_rep"), x="value", y="sales_rep", color="bucket", orientation="h"))
    st.dataframe(table)
