"""What lies on the desk of one who imports: the file, what was chosen, and what was made of it.

It belongs to one browser session and is dropped with it. The file is read and checked once for each set of choices,
and written, on a thread of its own: a click meanwhile interrupts the screen, never the work.
"""

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.errors import DomainError
from core.i18n import _, number, plural
from core.importers.assigning import Opened, assigned
from core.importers.base import Kind, Layout, Prepared, Source, prepare
from core.importers.dates import Order
from core.importers.kinds import kind_of
from core.importers.parsing import Progress
from core.importers.reading import SCREEN
from core.importers.refusals import AmbiguousDates
from core.importers.specs import Spec
from pages.ui import refusal, steps
from pages.ui.text import plain

FILE, COLUMNS, REVIEW, CONFIRM = range(4)


class Work:
    """Something long on its way, on a thread of its own."""

    def __init__(self, what: Callable[[Progress], Any]) -> None:
        self.done, self.total = 0, 1
        self.result: Any = None
        self.error: BaseException | None = None
        context = contextvars.copy_context()  # language and business day
        self._thread = threading.Thread(target=context.run, args=(self._run, what), daemon=True)
        self._thread.start()

    def _run(self, what: Callable[[Progress], Any]) -> None:
        try:
            self.result = what(self._tell)
        except BaseException as error:  # noqa: BLE001  whoever waits raises it again
            self.error = error

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, max(total, 1)

    def wait(self, text: str) -> Any:
        """Shows how far it is until it ends; returns what came of it, or raises what went wrong."""
        self._thread.join(0.3)
        if self._thread.is_alive():
            bar = st.progress(0, text)
            while self._thread.is_alive():
                bar.progress(min(self.done * 100 // self.total, 100), text)
                time.sleep(0.2)
            bar.empty()
        if self.error is not None:
            raise self.error
        return self.result


@dataclass
class Desk:
    """The state of one import. `chosen`: heading to field, once somebody assigned columns by hand."""

    step: int = FILE
    kind_name: str = "documents"
    source: Source | None = None
    sheet: str | None = None
    layout: Layout | None = None
    opened: Opened | None = None
    by_hand: Spec | None = None
    create_customers: bool | None = None
    order: Order | None = None
    rate: int | None = None
    skip_bad_rows: bool = False
    work: Work | None = None
    saving: Work | None = None
    last: dict[str, Any] = field(default_factory=dict)
    apart: Prepared | None = None  # whose bad rows were put apart
    _key: tuple[Any, ...] = ()

    @property
    def kind(self) -> Kind[Any]:
        """The kind of file."""
        return kind_of(self.kind_name)

    def spec(self) -> Spec | None:
        """The layout in force: assigned by hand, else the named one; None: columns by their names."""
        spec = self.by_hand or (self.layout.spec if self.layout else None)
        if spec is not None and self.create_customers is not None:
            spec = replace(spec, create_customers=self.create_customers)
        return spec

    def prepared(self, actor: Actor) -> Prepared | None:
        """The file, read and checked with what is chosen now; None, and why is shown, when it cannot be read."""
        assert self.source is not None
        source, kind, spec = self.source, self.kind, self.spec()
        key = (source.sha256(), kind.name, repr(spec), self.sheet, self.order, self.rate, actor)
        if self.work is None or self._key != key:
            layout = Layout(self.layout.name if self.layout else "", spec) if spec else None
            order, rate, sheet = self.order, self.rate, self.sheet
            self._key = key
            self.work = Work(
                lambda progress: prepare(
                    actor, kind, source, layout=layout, order=order, rate=rate, sheet=sheet, limits=SCREEN,
                    progress=progress,
                )
            )  # fmt: skip
        try:
            made: Prepared = self.work.wait(_("Leyendo y revisando el archivo…"))
        except AmbiguousDates as error:
            told_ = _(
                "No se sabe si «{value}» empieza por el día o por el mes, y ninguna fecha del archivo lo demuestra."
            )
            st.warning(plain(told_.format(value=error.facts["value"])) + f" {_('Elija el orden de las fechas.')}")
            return None
        except DomainError as error:
            refusal.lines(error, _("El archivo no se pudo leer."))
            return None
        except BaseException:
            if self.work.error is not None:
                self.work = None  # a bug: the next run tries again
            raise
        return made

    def make_customers(self, create: bool) -> None:
        """Whether customers that do not exist are made; columns known by their names become a layout by hand."""
        if self.spec() is None and self.opened is not None:
            chosen = {one.title: one.field for one in self.opened.titles}
            self.by_hand = assigned(
                self.kind, None, chosen, constants={}, create_customers=create, credits_negative=False
            )
        self.create_customers = create

    def go(self, step: int) -> None:
        """Turns to another step."""
        self.step = step
        st.rerun()

    def clear(self) -> None:
        """An empty desk; what was last saved is still told."""
        kept, kind, apart = self.last, self.kind_name, self.apart
        self.__init__()  # type: ignore[misc]  # back to the defaults, in place: the session holds this object
        self.last, self.kind_name, self.apart = kept, kind, apart


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def desk(user_id: int | None) -> Desk:
    """The desk of a user in this browser session; who signs in after somebody else finds an empty one."""
    return Desk()


def caption(desk_: Desk) -> str:
    """Kind and file, as far as they are known."""
    if desk_.source is None:
        return _("Nada se guarda hasta el último paso")
    return f"{_(desk_.kind.title)} · {desk_.source.name}"


def steps_of(desk_: Desk) -> None:
    """The four steps and where we are."""
    opened = desk_.opened
    file = columns = ""
    if opened is not None:
        file = plural("{n} renglón", "{n} renglones", opened.rows)
        file += _(", hoja «{sheet}»").format(sheet=opened.grid.sheet) if opened.grid.sheet else ""
        known = sum(1 for one in opened.titles if one.field)
        columns = _("{known} de {all} reconocidas").format(known=number(known), all=number(len(opened.titles)))
    texts = [
        (_("Archivo"), file or _("Excel o CSV")), (_("Columnas"), columns or _("Qué es cada una")),
        (_("Revisión"), _("Corrija o aparte lo que falta")), (_("Confirmar"), _("Todo o nada")),
    ]  # fmt: skip
    steps.show(steps.at(desk_.step, texts))


def told(warnings: list[str]) -> str:
    """Warnings as a list."""
    return "\n".join(f"- {plain(one)}" for one in warnings) if len(warnings) > 1 else plain("".join(warnings))
