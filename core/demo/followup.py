"""What a collector did about one account in the last months: when he called, what was said, promised and questioned.

It looks at the account as it was on each day and at the money that really came afterwards: a promise is kept, broken
or kept in part because of that money, never by decree.
"""

from collections.abc import Sequence

from core.collections.models import Contact
from core.collections.outcomes import SUGGESTED
from core.demo import sayings
from core.demo.accounts import Account
from core.demo.books import Line
from core.demo.casework import Casework
from core.demo.company import moment
from core.demo.filing import NOT_DONE, START
from core.demo.objecting import Objection, object_to
from core.demo.promised import Promised
from core.demo.promising import promise
from core.tasks.models import Task, TaskKind

#: At most so many contacts a customer.
_MOST = 8
_TRIES = ("no_answer", "message_left", "call_back", "third_party")
_OUTCOMES = (*_TRIES, "promise", "reminded", "already_paid", "cannot_pay", "negotiating", "refuses", "dispute")
_ODDS = (20, 6, 6, 4, 34, 12, 5, 4, 3, 3, 3)
#: Who has quit paying hides, complains and seldom promises.
_QUIT_ODDS = (26, 9, 8, 6, 14, 6, 4, 9, 6, 8, 4)
_CHANNELS, _CHANNEL_ODDS = ("call", "whatsapp", "email", "visit"), (72, 16, 8, 4)


def follow_up(account: Account, seed: int) -> None:
    """The work on one account until yesterday, from a day of the last months on; some customers nobody ever called."""
    work = Casework(account, seed)
    rng, days = work.rng, work.days
    if not work.late or not rng.randrange(8):
        return
    place, contacts = days.last - rng.randrange(6, days.last - START), 0
    while contacts < _MOST and (place := days.working(place)) < days.last:
        if owed := work.owed(place):
            contacts += 1
            place = _contact(work, place, owed)
        elif due := work.next_due(place):
            place = due + rng.randrange(2, 8)
        else:
            return


def _contact(work: Casework, place: int, owed: Sequence[Line]) -> int:
    """One contact with what came of it; returns the day of the next one."""
    rng, dates = work.rng, work.days.dates
    [outcome] = rng.choices(_OUTCOMES, _QUIT_ODDS if place >= work.one.quits else _ODDS)
    promised = promise(work, place, owed) if outcome == "promise" else None
    disputed = object_to(work, place, owed[0]) if outcome == "dispute" else None
    action, wait = SUGGESTED.get(outcome, ("call", rng.randrange(3, 7)))
    due = work.days.working(place + (wait or 0) + rng.randrange(3) * (outcome in _TRIES))
    due = promised.promised if promised else disputed.deadline if disputed else due
    [channel] = rng.choices(_CHANNELS, _CHANNEL_ODDS)
    contact = work.books.take(Contact)
    work.filing.add(
        Contact, contact, work.one.id, moment(dates[place], 9 * 60 + rng.randrange(8 * 60)), dates[place], channel,
        outcome, None if outcome == "no_answer" else work.person, work.one.collector,
        _note(work, outcome, place, owed, promised, disputed), rng.choice(sayings.CAUSES.get(outcome, (None,))), action,
        dates[due], promised and promised.id, disputed and disputed.id, work.event(place, "contacts"),
    )  # fmt: skip
    if outcome == "already_paid":
        _look_for_it(work, place, contact, owed[0].open_at(place))
    return max(promised.promised + 1 if promised else due, place + 1) + rng.randrange(4)


def _note(
    work: Casework, outcome: str, place: int, owed: Sequence[Line], promised: Promised | None,
    disputed: Objection | None,
) -> str:  # fmt: skip
    amount = promised.amount if promised else sum(line.open_at(place) for line in owed)
    on = f"{work.days.dates[promised.promised]:%d/%m/%Y}" if promised else ""
    return sayings.note(
        work.rng, outcome, person=work.person, amount=work.amount(amount), on=on, number=owed[0].number,
        about=disputed.about if disputed else "",
    )  # fmt: skip


def _look_for_it(work: Casework, place: int, contact: int, amount: int) -> None:
    """The cashier looks for a payment that a customer says was made."""
    dates, rng, one = work.days.dates, work.rng, work.one
    facts = work.facts(amount, paid_on=str(dates[place - rng.randrange(2, 6)]))
    done = place + rng.randrange(1, 4)
    found = (dates[done], "cajera", "No aparece en bancos; se pidió el comprobante.")
    result = found if done < work.days.last else NOT_DONE
    work.filing.add(
        Task, TaskKind.ALREADY_PAID.value, "contact", contact, "", facts, one.id, "cajera", one.collector, dates[place],
        dates[place], *result, work.event(place, "contacts"),
    )  # fmt: skip
