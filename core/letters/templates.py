"""Versions of the templates of letters: the ready ones, those that an administrator uploaded, which one is in use."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.names import called
from core.clock import now
from core.errors import DomainError
from core.i18n import N_
from core.letters import ready
from core.letters.models import LetterTemplate, Stage

#: The ready template is the first version of its stage and language.
READY_BY = "Cartera al Día"


class TemplateNotFound(DomainError):
    message = N_("Esa plantilla ya no está. Cargue la página de nuevo.")


class TextOfMailNotValid(DomainError):
    message = N_("El asunto ocupa un renglón de hasta 200 letras y el texto del correo hasta 4,000; ninguno va vacío.")


class TemplateRow(NamedTuple):
    """A version; `template_id` 0: the ready one, not in use yet by any letter."""

    template_id: int
    stage: str
    language: str
    version: int
    name: str
    subject: str
    body: str
    active: bool
    made_at: datetime | None
    made_by: str


def versions(session: Session, actor: Actor, *, stage: str, language: str) -> list[TemplateRow]:
    """Every version of a stage and language, the latest first; before anybody needed another, the ready one."""
    actor.require(Permission.EDIT_TEMPLATES)
    t = LetterTemplate
    found = session.execute(
        select(
            col(t.id), col(t.stage), col(t.language), col(t.version), col(t.name), col(t.subject), col(t.body),
            col(t.active), col(t.made_at), called(col(t.made_by)),
        )
        .where(col(t.stage) == stage, col(t.language) == language)
        .order_by(col(t.version).desc())
    )  # fmt: skip
    return [TemplateRow(*row) for row in found] or [_ready_row(Stage(stage), language)]


def _ready_row(stage: Stage, language: str) -> TemplateRow:
    subject, body = ready.mail(stage, language)
    return TemplateRow(0, stage, language, 1, ready.file_name(stage, language), subject, body, True, None, READY_BY)


def content_of(session: Session, actor: Actor, *, stage: str, language: str, template_id: int) -> bytes:
    """The Word file of a version; `template_id` 0: the ready one."""
    actor.require(Permission.EDIT_TEMPLATES)
    if template_id == 0:
        return ready.content(Stage(stage), language)
    return template(session, template_id).content


def template(session: Session, template_id: int) -> LetterTemplate:
    """A version, or TemplateNotFound."""
    found = session.get(LetterTemplate, template_id)
    if found is None:
        raise TemplateNotFound
    return found


def in_use(session: Session, stage: Stage, language: str, event_id: int) -> int:
    """The id of the version that new letters take; the ready one is kept as version 1 when it is first needed, so that
    a letter can be made again as it was after an update of the program."""
    t = LetterTemplate
    wanted = (col(t.stage) == stage, col(t.language) == language)
    found = session.scalar(select(col(t.id)).where(*wanted, col(t.active)))
    if found is not None:
        return found
    subject, body = ready.mail(stage, language)
    made = LetterTemplate(
        stage=stage, language=language, version=1, name=ready.file_name(stage, language),
        content=ready.content(stage, language), subject=subject, body=body, active=True, made_at=now(),
        made_by=READY_BY, event_id=event_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id or 0


def add_version(
    session: Session, actor: Actor, *, stage: str, language: str, name: str, content: bytes, subject: str, body: str
) -> LetterTemplate:
    """Keeps a new version, not in use until somebody activates it. Refused with every reason when it cannot be used."""
    from core.letters.checking import check  # slow to load

    actor.require(Permission.EDIT_TEMPLATES)
    db.take(session, "letter_templates")
    subject, body = subject.strip(), body.strip()
    if not subject or not body or len(subject) > 200 or len(body) > 4000 or "\n" in subject:
        raise TextOfMailNotValid
    check(content, subject, body)
    t = LetterTemplate
    event = record(
        session, actor, "letter_template.uploaded", entity="letter_template", entity_id=f"{stage}-{language}",
        stage=stage, language=language, name=name[:200],
    )  # fmt: skip
    in_use(session, Stage(stage), language, event.id)
    last = session.scalar(
        select(func.max(col(t.version))).where(col(t.stage) == stage, col(t.language) == language)
    )  # fmt: skip
    made = LetterTemplate(
        stage=stage, language=language, version=(last or 0) + 1, name=name[:200], content=content, subject=subject,
        body=body, active=False, made_at=now(), made_by=actor.name, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def activate(session: Session, actor: Actor, *, template_id: int) -> None:
    """From the next run on, letters of this stage and language are made with this version."""
    actor.require(Permission.EDIT_TEMPLATES)
    db.take(session, "letter_templates")
    chosen = template(session, template_id)
    if chosen.active:
        return
    t = LetterTemplate
    before = session.scalars(
        select(t).where(col(t.stage) == chosen.stage, col(t.language) == chosen.language, col(t.active))
    ).all()
    for one in before:
        one.active = False
    session.flush()
    chosen.active = True
    record(
        session, actor, "letter_template.activated", entity="letter_template",
        entity_id=f"{chosen.stage}-{chosen.language}", stage=chosen.stage, language=chosen.language,
        before=before[0].version if before else None, after=chosen.version,
    )  # fmt: skip
