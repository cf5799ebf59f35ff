"""The two small charts of a customer's page: how old the balance is, and how much of the credit line it takes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.i18n import _, money
from core.portfolio.words import bucket_word
from pages.ui import charts, figures, style


def ages(amounts: Sequence[Decimal], buckets: Sequence[str]) -> dict[str, Any]:
    """One bar a bucket, first on top, its exact amount at the end."""
    names = [bucket_word(name) for name in buckets]
    inks = charts.inks(len(buckets))
    bar = {
        "type": "bar", "orientation": "h", "y": names, "x": [float(one) for one in amounts],
        "text": [f"{figures.NBSP}{money(one)}" for one in amounts], "textposition": "outside", "cliponaxis": False,
        "textfont": {"size": 12, "color": style.palette().gray}, "hovertemplate": "%{y}: %{text}<extra></extra>",
        "marker": {
            "color": [ink.fill for ink in inks],
            "pattern": {
                "shape": [ink.pattern for ink in inks], "fillmode": "overlay", "fgcolor": "rgba(255,255,255,.45)",
                "size": 6,
            },
        },
    }  # fmt: skip
    longest = float(max(amounts, default=Decimal(1)) or 1)
    return {"data": [bar], "layout": _layout(30 * len(buckets) + 8, longest * 1.75)}


def line_use(used: Decimal, limit: Decimal) -> dict[str, Any]:
    """What is used of a credit line, what is left of it, what goes beyond it: end to end."""
    colours, dark, zero = style.palette(), style.is_dark(), Decimal("0.00")
    blue, red = (
        charts.inks(6)[0],
        charts.Ink("#F97066", "#16222E", "x") if dark else charts.Ink("#B42318", "#FFFFFF", "x"),
    )
    free = charts.Ink("#31435A", colours.text) if dark else charts.Ink("#DCE3EB", colours.text)
    parts = (
        (_("Usado"), max(min(used, limit), zero), blue), (_("Disponible"), max(limit - max(used, zero), zero), free),
        (_("Sobre el límite"), max(used - limit, zero), red),
    )  # fmt: skip
    bars = [
        {
            "type": "bar", "orientation": "h", "name": name, "y": [""], "x": [float(amount)],
            "text": [figures.compact(amount)], "textposition": "inside", "insidetextanchor": "middle",
            "textangle": 0, "textfont": {"size": 12, "color": ink.label}, "customdata": [money(amount)],
            "hovertemplate": f"{name}: %{{customdata}}<extra></extra>",
            "marker": {
                "color": ink.fill, "line": {"color": colours.card, "width": 1.2},
                "pattern": {"shape": ink.pattern, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,.35)", "size": 6},
            },
        }
        for name, amount, ink in parts if amount
    ]  # fmt: skip
    layout = _layout(44, float(max(used, limit, Decimal(1))))
    return {"data": bars, "layout": layout | {"barmode": "stack", "uniformtext": {"minsize": 11, "mode": "hide"}}}


def _layout(height: int, longest: float) -> dict[str, Any]:
    colours = style.palette()
    return {
        "height": height, "showlegend": False, "bargap": 0.3, "margin": {"l": 0, "r": 4, "t": 2, "b": 2},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": charts.FONT, "size": 13, "color": colours.text},
        "xaxis": {"visible": False, "fixedrange": True, "range": [0, longest]},
        "yaxis": {
            "type": "category", "autorange": "reversed", "automargin": True, "fixedrange": True, "ticks": "",
            "showgrid": False, "tickfont": {"size": 12, "color": colours.gray},
        },
        "hoverlabel": {"font": {"family": charts.FONT, "size": 13}},
    }  # fmt: skip
