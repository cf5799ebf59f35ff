"""What customers of the demo company promised on the telephone, and what the nights found of it."""

from collections.abc import Sequence

from core.demo.books import Line
from core.demo.casework import Casework
from core.demo.company import SALES, moment
from core.demo.filing import JUDGED, NOT_DONE, Slot
from core.demo.promised import FAILED, Money, Promised
from core.demo.sayings import RESULTS
from core.promises.models import Ending, Promise, PromiseDocument, PromiseEnding, PromiseJudgement, PromiseStatus
from core.tasks.models import Notice, Task, TaskKind

#: How far a collector lets himself be put off, in days.
_LONGEST = 15
#: Reasons for taking a promise back.
_WITHDRAWN = ("Se registró por error: era de otra razón social", "El cliente pidió convenio en lugar de esta fecha")


def promise(work: Casework, place: int, owed: Sequence[Line]) -> Promised:
    """Records what a customer promised on a day for some of what is owed, and what came of it; the last one if it was
    put off."""
    documents = list(dict.fromkeys(line.source_id for line in owed))[: work.rng.randrange(1, 4)]
    owes = sum(line.open_at(place) for line in owed if line.source_id in documents)
    if not work.rng.randrange(8):
        documents = []  # on account
    money = list(work.money_on(documents) if documents else work.money_received())
    made = _agreed(work, place, owes, money)
    _write(work, made, documents, None)
    again = _put_off(work, made)
    if again is not None:
        _write(work, again, documents, made)
    for one in filter(None, (made, again)):
        _judge(work, one)
    return again or made


def _agreed(work: Casework, place: int, owes: int, money: Sequence[Money]) -> Promised:
    """A day and an amount: often near what the customer really did, for people know how they will pay."""
    rng, days = work.rng, work.days
    coming = sorted(one.on for one in money if place < one.on <= place + _LONGEST and one.undone is None)
    on = days.working(place + rng.randrange(3, _LONGEST))
    if coming and rng.randrange(10) < 9:
        on = days.working(max(place + 1, coming[0] + rng.randrange(3)))
    elif place < days.last - 1 < on + 6 and rng.randrange(2):
        on = max(place + 1, days.last - rng.randrange(2))  # due today, or broken tonight
    made = Promised(work.books.take(Promise), owes, place, on, money)
    if came := made.counted(days.last):
        made.amount = rng.choice((came, came, min(came, owes), max(came, owes)))
    elif owes > 20_000_00 and rng.randrange(2):
        made.amount = owes // 1_000_00 * 1_000_00
    return made


def _put_off(work: Casework, made: Promised) -> Promised | None:
    """Now and then a promise is withdrawn, or another takes its place before its day has come; that one, if so."""
    on, rng = made.made + 2, work.rng
    if not work.days.works[on] or on >= work.days.last or made.status(on) is not PromiseStatus.PENDING:
        return None
    if not rng.randrange(12):
        made.ending = (Ending.WITHDRAWN, on)
        event = work.event(on, "promises")
        work.filing.add(
            PromiseEnding, made.id, Ending.WITHDRAWN.value, work.days.dates[on], rng.choice(_WITHDRAWN), event
        )
    elif on < made.promised and not rng.randrange(8):
        made.ending = (Ending.RESCHEDULED, on)
        later = work.days.working(made.promised + rng.randrange(3, 9))
        return Promised(work.books.take(Promise), made.amount, on, later, made.money)
    return None


def _write(work: Casework, made: Promised, documents: Sequence[int], instead_of: Promised | None) -> None:
    dates, one, event = work.days.dates, work.one, work.event(made.made, "promises")
    work.filing.add(
        Promise, made.id, made.number, one.id, one.currency, made.amount, dates[made.made], dates[made.promised],
        dates[made.made], dates[made.promised], work.person, one.collector, None, instead_of and instead_of.id, event,
    )  # fmt: skip
    for document in documents:
        work.filing.add(PromiseDocument, made.id, document)
    if instead_of is not None:
        work.filing.add(
            PromiseEnding, instead_of.id, Ending.RESCHEDULED.value, dates[made.made], "Pidió unos días más", event
        )


def _judge(work: Casework, made: Promised) -> None:
    """What the nights up to yesterday's found; tonight's is left for who runs it."""
    told = False
    for place, before, after in made.judgements(work.days.last - 1):
        event = work.filing.events[Slot("system", place, JUDGED)]
        work.filing.add(PromiseJudgement, made.id, work.days.dates[place], before.value, after.value, event)
        if after in FAILED and not told:
            told = True
            _tell(work, made, place, after, event)


def _tell(work: Casework, made: Promised, place: int, after: PromiseStatus, event: int) -> None:
    """The task and the notices of a promise that failed: older tasks are done, older notices read."""
    dates, one, rng, last = work.days.dates, work.one, work.rng, work.days.last
    facts = work.facts(
        made.amount, number=made.number, paid=work.exact(made.counted(place)), status=after.value,
        promised_on=str(dates[made.promised]),
    )  # fmt: skip
    done = place + rng.randrange(4)
    waits = done >= last or (place > last - 12 and rng.randrange(2))
    result = NOT_DONE if waits else (dates[done], one.collector, rng.choice(RESULTS))
    kind = TaskKind.BROKEN_PROMISE.value
    work.filing.add(
        Task, kind, "promise", made.id, "", facts, one.id, one.collector, "system", dates[place], dates[place], *result,
        event,
    )  # fmt: skip
    at = moment(dates[place], 2 * 60 + 5)
    read = moment(dates[place], 9 * 60) if place < last - 3 else None
    for user in filter(None, (one.collector, SALES.get(one.sales_rep))):
        work.filing.add(Notice, user, kind, "promise", made.id, facts, one.id, at, read, event)
