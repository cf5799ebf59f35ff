"""Charts as plain dictionaries, which Plotly draws; colours, patterns and labels of the ages of a debt.

Cool is not yet due, warm is overdue, darker is older (redder in the dark theme); the oldest two have patterns too, so
that nothing is told by colour alone. A chart stands beside its table; the exact amount is on hover.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st
from plotly.basedatatypes import BaseFigure

from core.i18n import _, money
from core.portfolio.words import bucket_word
from pages.ui import figures, style
from pages.ui.text import markup


class Ink(NamedTuple):
    """How a bucket is painted: its colour, the colour of a label on it, its pattern."""

    fill: str
    label: str
    pattern: str = ""


_DARK_LABEL, _LIGHT_LABEL = "#16222E", "#FFFFFF"
_LIGHT = (
    Ink("#3876AB", _LIGHT_LABEL), Ink("#C08300", _DARK_LABEL), Ink("#D86A1A", _DARK_LABEL),
    Ink("#C2410C", _LIGHT_LABEL), Ink("#A11D1D", _LIGHT_LABEL, "/"), Ink("#5E1212", _LIGHT_LABEL, "x"),
)  # fmt: skip
_DARK = (
    Ink("#6FB1E4", _DARK_LABEL), Ink("#F6D365", _DARK_LABEL), Ink("#F5A54A", _DARK_LABEL), Ink("#F07B45", _DARK_LABEL),
    Ink("#E8605A", _DARK_LABEL, "/"), Ink("#C9405F", _LIGHT_LABEL, "x"),
)  # fmt: skip
_ROW, _HEAD = 40, 16
FONT = "'Source Sans', 'Source Sans 3', sans-serif"


def inks(count: int) -> list[Ink]:
    """One a bucket, the ramp taken from both ends when there are more or fewer than six."""
    ramp = _DARK if style.is_dark() else _LIGHT
    if count <= 1:
        return list(ramp[:count])
    last = len(ramp) - 1
    return [ramp[0], *(ramp[1 + (place * (last - 1)) // max(count - 2, 1)] for place in range(count - 2)), ramp[last]]


def legend(buckets: Sequence[str]) -> None:
    """What each colour means, in HTML that wraps on a telephone."""
    items = "".join(
        f'<li><i style="background:{_swatch(ink)}"></i>{markup(bucket_word(name))}</li>'
        for name, ink in zip(buckets, inks(len(buckets)), strict=True)
    )
    st.html(f'<ul class="leyenda">{items}</ul>')


def _swatch(ink: Ink) -> str:
    stripes = "transparent 0 2px, rgba(255,255,255,.55) 2px 3px"
    slant = f"repeating-linear-gradient(45deg, {stripes})"
    cross = f"repeating-linear-gradient(-45deg, {stripes})"
    return {"": ink.fill, "/": f"{slant}, {ink.fill}", "x": f"{slant}, {cross}, {ink.fill}"}[ink.pattern]


def aging_bars(rows: Sequence[tuple[str, Sequence[Decimal]]], buckets: Sequence[str]) -> dict[str, Any]:
    """Stacked bars, one a row `(name, amounts by bucket)`, first row on top; the total at the end."""
    names = [_short(name) + "\u200b" * at for at, (name, _amounts) in enumerate(rows)]  # two of one name stay two bars
    colours = style.palette()
    millions = figures.in_millions(_longest(rows))
    bars = [
        _bar(names, [amounts[at] for _name, amounts in rows], bucket_word(bucket), ink, millions=millions)
        for at, (bucket, ink) in enumerate(zip(buckets, inks(len(buckets)), strict=True))
    ]
    totals = [sum(amounts, Decimal("0.00")) for _name, amounts in rows]
    ends: dict[str, Any] = {
        "type": "scatter", "mode": "text", "orientation": "h", "y": names, "x": [float(one) for one in totals],
        "text": [f"{figures.NBSP}<b>{figures.compact(one)}</b>" for one in totals], "textposition": "middle right",
        "textfont": {"size": 12, "color": colours.gray}, "cliponaxis": False,
        "customdata": [money(one) for one in totals], "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }  # fmt: skip
    return {"data": [*bars, ends], "layout": _layout(len(rows), float(_longest(rows) or 1))}


def told(rows: Sequence[tuple[str, Sequence[Decimal]]]) -> str:
    """What the numbers inside the bars count, and where the exact ones are."""
    if figures.in_millions(_longest(rows)):
        return _("Millones; el importe exacto, al pasar sobre la barra y en la tabla.")
    return _("Miles; el importe exacto, al pasar sobre la barra y en la tabla.")


def _longest(rows: Sequence[tuple[str, Sequence[Decimal]]]) -> Decimal:
    return max((sum(amounts, Decimal("0.00")) for _name, amounts in rows), default=Decimal("0.00"))


def _bar(names: list[str], amounts: list[Decimal], label: str, ink: Ink, *, millions: bool) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "name": label, "y": names, "x": [float(one) for one in amounts],
        "text": [figures.inside(one, millions=millions) for one in amounts], "textposition": "inside",
        "insidetextanchor": "middle", "textangle": 0, "textfont": {"size": 12, "color": ink.label},
        "customdata": [money(one) for one in amounts],
        "hovertemplate": f"%{{y}}<br>{markup(label)}: %{{customdata}}<extra></extra>",
        "marker": {
            "color": ink.fill, "line": {"color": style.palette().card, "width": 1.2},
            "pattern": {"shape": ink.pattern, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,.45)", "size": 6},
        },
    }  # fmt: skip


def _layout(rows: int, longest: float) -> dict[str, Any]:
    colours = style.palette()
    return {
        "barmode": "stack", "bargap": 0.28, "height": _HEAD + _ROW * max(rows, 1), "showlegend": False,
        "margin": {"l": 0, "r": 64, "t": 4, "b": 4}, "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": colours.text},
        "uniformtext": {"minsize": 11, "mode": "hide"},
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, longest]},
        "yaxis": {
            "type": "category", "autorange": "reversed", "automargin": True, "fixedrange": True, "ticks": "",
            "showgrid": False, "tickfont": {"size": 13, "color": colours.gray},
        },
        "hoverlabel": {"font": {"family": FONT, "size": 13}},
    }  # fmt: skip


def _short(name: str) -> str:
    """A name that leaves room for its bar; Plotly reads HTML in it."""
    return markup(name if len(name) <= 28 else f"{name[:27]}…")


class _Ready(BaseFigure):  # type: ignore[misc]  # plotly has no types
    """A figure that plotly need not take apart and check: that would cost a third of the page. Ours are under test."""

    def __init__(self, figure: dict[str, Any]) -> None:
        self._ready = figure

    def to_dict(self) -> dict[str, Any]:
        return self._ready


def show(figure: dict[str, Any], *, key: str, **options: Any) -> Any:
    """Draws a figure; with `on_select="rerun"` it returns what was touched."""
    config = {"displayModeBar": False, "responsive": True}
    return st.plotly_chart(_Ready(figure), theme=None, config=config, key=key, **options)
