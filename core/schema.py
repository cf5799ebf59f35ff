"""All tables, imported once; the schema is made and brought up to date by Alembic from here."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData
from sqlmodel import SQLModel

import core.agreements.models
import core.attachments.models
import core.audit.models
import core.auth.models
import core.collections.models
import core.credit.models
import core.customers.models
import core.disputes.models
import core.documents.models
import core.importers.models
import core.jobs.models
import core.ledger.models
import core.legal.models
import core.letters.models
import core.outbox.models
import core.payments.models
import core.policies.models
import core.portfolio.models
import core.promises.models
import core.reconciliations.models
import core.supervision.models
import core.tasks.models  # noqa: F401  the imports are what this module is for
from core import db
from core.errors import DomainError
from core.i18n import N_

metadata: MetaData = SQLModel.metadata


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config


class DatabaseTooNew(DomainError):
    message = N_("La base de datos es de una versión más nueva que esta. Actualice el programa.")


def upgrade() -> None:
    """Brings the database in use to the schema of this version; does nothing when it is there."""
    have = revision()
    if have is not None and not knows(have):
        raise DatabaseTooNew
    command.upgrade(_config(db.engine()), "head")


def revision() -> str | None:
    """The revision of the schema that the database in use has; None when it has none yet."""
    with db.engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version's history has that revision."""
    return revision in {one.revision for one in _history().walk_revisions()}


def is_current() -> bool:
    """Whether the database has the schema of this version."""
    return revision() == _history().get_current_head()


def _history() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(db.engine()))
