"""Tables: the formats of each kind of column, and one way to show rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.clock import local
from core.i18n import _
from pages.ui.figures import NBSP

Config = Any  # streamlit's own type of a column's configuration has no public name
Width = Literal["small", "medium", "large"] | int | None


def text(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """A text, never read as Markdown."""
    return st.column_config.TextColumn(title, width=width, help=help)


def money(title: str, *, width: Width = None, help: str | None = None, least: int | None = None) -> Config:
    """`$1,234,567.89`, `-$5.50`; the currency belongs in the title or in a column beside it. `least`: typed in, not
    below it, with centavos."""
    typed: dict[str, Any] = {} if least is None else {"min_value": least, "step": 0.01}
    return st.column_config.NumberColumn(title, format="dollar", width=width, help=help, alignment="right", **typed)


def number(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """A count or days: whole, with thousands."""
    return st.column_config.NumberColumn(title, format="%,d", width=width, help=help, alignment="right")


def tenth(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """A figure with one decimal: `12.5`."""
    return st.column_config.NumberColumn(title, format="%.1f", width=width, help=help, alignment="right")


def percent(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """44.7 shown as `44.7 %`."""
    return st.column_config.NumberColumn(title, format=f"%.1f{NBSP}%%", width=width, help=help, alignment="right")


def progress(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """44.7 of 100 as a bar with `44.7 %` beside it."""
    return st.column_config.ProgressColumn(
        title, format=f"%.1f{NBSP}%%", min_value=0, max_value=100, width=width, help=help
    )


def rate(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """An exchange rate with its six decimals."""
    return st.column_config.NumberColumn(title, format="%.6f", width=width, help=help, alignment="right")


def date(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """`20/11/2026`."""
    return st.column_config.DateColumn(title, format="DD/MM/YYYY", width=width, help=help)


def moment(title: str, *, width: Width = None, help: str | None = None, seconds: bool = False) -> Config:
    """`20/11/2026 10:41`, by the company's clocks."""
    form = "DD/MM/YYYY HH:mm:ss" if seconds else "DD/MM/YYYY HH:mm"
    return st.column_config.DatetimeColumn(title, format=form, width=width, help=help)


def chips(title: str, colours: Mapping[str, str], *, width: Width = None, help: str | None = None) -> Config:
    """Words in coloured chips: `colours` by word; the cell is a word or a list of words."""
    return st.column_config.MultiselectColumn(
        title, options=list(colours), color=list(colours.values()), width=width, help=help
    )


def yes_no(title: str, *, width: Width = None, help: str | None = None) -> Config:
    """A tick."""
    return st.column_config.CheckboxColumn(title, width=width, help=help)


def frame(rows: Sequence[Any], fields: Sequence[str]) -> pd.DataFrame:
    """The named fields of typed rows, moments as the company's clocks show them; amounts stay exact."""
    return pd.DataFrame(
        {field: pd.Series([_shown(getattr(row, field)) for row in rows], dtype=object) for field in fields}
    )


def on_telephone() -> bool:
    """Whether this browser says that it is a telephone's."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def grid(
    rows: Sequence[Any], shown: Mapping[str, Config], *, key: str, alt: str | None = None,
    phone: Mapping[str, int] | None = None, **options: Any,
) -> Any:  # fmt: skip
    """Rows as a table: `shown` names the fields in their order and how each looks.

    `phone`: the fields that come first on a telephone, with their widths there; the others follow.
    With `on_select="rerun", selection_mode="single-row"` it returns the selection; read it with `chosen()`.
    """
    options = {"hide_index": True, "row_height": 35, "placeholder": "", **options}
    if phone and on_telephone():
        shown = {name: {**shown[name], "width": width} for name, width in phone.items()} | {
            name: one for name, one in shown.items() if name not in phone
        }
    return st.dataframe(frame(rows, list(shown)), column_config=dict(shown), key=key, alt=alt, **options)


def chosen(selection: Any, rows: Sequence[Any]) -> Any | None:
    """The row that is selected in a table of `rows`; None when there is none (or the rows are fewer by now)."""
    places = selection.selection.rows if selection is not None else []
    return rows[places[0]] if places and places[0] < len(rows) else None


def pages(total: int, size: int, *, key: str) -> int:
    """Page numbers under a long list and «1–12 de 8,214»; returns the rows to leave out before this page's."""
    count = max(1, -(-total // size))
    with st.container(horizontal=True, vertical_alignment="center"):
        place = st.empty()
        st.space("stretch")
        page = st.pagination(count, key=key, bind="query-params", width=_pages_width(count)) if count > 1 else 1
    first = (min(page, count) - 1) * size
    last = min(first + size, total)
    place.caption(_("{first}–{last} de {total}").format(first=f"{first + 1:,}", last=f"{last:,}", total=f"{total:,}"))
    return first


def _pages_width(count: int) -> int:
    """Wide enough for every number: beside a stretching space it would shrink to one."""
    return 106 + 46 * min(count, 7)


def _shown(value: Any) -> Any:
    return local(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
