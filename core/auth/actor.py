"""Who acts, and what he or she may do."""

import getpass
from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    CASHIER = "cashier"
    COLLECTOR = "collector"
    CREDIT_ANALYST = "credit_analyst"
    COMMISSION_ANALYST = "commission_analyst"
    SALES_REP = "sales_rep"
    AUDITOR = "auditor"


class Permission(StrEnum):
    VIEW_PORTFOLIO = "view_portfolio"
    VIEW_UNIDENTIFIED = "view_unidentified"
    VIEW_AUDIT = "view_audit"
    EDIT_CUSTOMER = "edit_customer"
    EDIT_PEOPLE = "edit_people"  # whom to speak with at a customer's
    CHANGE_CREDIT_TERMS = "change_credit_terms"
    IMPORT_CUSTOMERS = "import_customers"
    IMPORT_BOOKS = "import_books"  # documents, payments, applications, rates
    IMPORT_REVERSALS = "import_reversals"
    SAVE_LAYOUT = "save_layout"
    REGISTER_PAYMENT = "register_payment"  # and apply, identify, refund
    REGISTER_NOTE = "register_note"
    APPROVE_NOTE = "approve_note"
    REVERSE = "reverse"
    SEND_STATEMENT = "send_statement"
    VIEW_COLLECTION = "view_collection"  # the collectors' work: agenda, promises, disputes, letters
    RECORD_CONTACT = "record_contact"  # calls, visits, what came of them
    RECORD_PROMISE = "record_promise"
    RECORD_DISPUTE = "record_dispute"
    IMPORT_COLLECTION = "import_collection"  # contacts, promises, disputes
    RUN_LETTERS = "run_letters"
    PROPOSE_AGREEMENT = "propose_agreement"
    APPROVE_AGREEMENT = "approve_agreement"
    RECONCILE = "reconcile"  # with the customer, and its minute
    HAND_OVER = "hand_over"  # propose a customer for prelegal, agency or legal, and follow the case
    APPROVE_HAND_OVER = "approve_hand_over"
    SUPERVISE = "supervise"  # strategies, portfolios, tasks, meetings
    EDIT_TEMPLATES = "edit_templates"
    CHARGE_INTEREST = "charge_interest"
    RUN_NIGHTLY = "run_nightly"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_USERS = "manage_users"
    CLOSE_MONTH = "close_month"


#: Any of these opens the screen of imports; each kind of file asks for its own.
ANY_IMPORT = (
    Permission.IMPORT_CUSTOMERS, Permission.IMPORT_BOOKS, Permission.IMPORT_REVERSALS, Permission.IMPORT_COLLECTION,
)  # fmt: skip
_BOOKS = {Permission.IMPORT_CUSTOMERS, Permission.IMPORT_BOOKS, Permission.IMPORT_REVERSALS, Permission.SAVE_LAYOUT}
_COLLECTION = {
    Permission.VIEW_COLLECTION, Permission.RECORD_CONTACT, Permission.RECORD_PROMISE, Permission.RECORD_DISPUTE,
    Permission.IMPORT_COLLECTION, Permission.SAVE_LAYOUT, Permission.RUN_LETTERS, Permission.PROPOSE_AGREEMENT,
    Permission.RECONCILE, Permission.HAND_OVER,
}  # fmt: skip

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.MANAGER: frozenset(
        {Permission.VIEW_PORTFOLIO, Permission.APPROVE_NOTE, Permission.REVERSE, Permission.IMPORT_REVERSALS,
         Permission.SEND_STATEMENT, Permission.VIEW_COLLECTION, Permission.APPROVE_AGREEMENT,
         Permission.APPROVE_HAND_OVER, Permission.SUPERVISE}
    ),
    Role.CASHIER: frozenset(
        {Permission.VIEW_PORTFOLIO, Permission.VIEW_UNIDENTIFIED, Permission.EDIT_CUSTOMER, Permission.EDIT_PEOPLE,
         Permission.REGISTER_PAYMENT, Permission.REGISTER_NOTE, Permission.SEND_STATEMENT, Permission.RECONCILE,
         Permission.CHARGE_INTEREST, *_BOOKS}
    ),
    Role.COLLECTOR: frozenset(
        {Permission.VIEW_PORTFOLIO, Permission.EDIT_PEOPLE, Permission.SEND_STATEMENT, *_COLLECTION}
    ),
    Role.CREDIT_ANALYST: frozenset(
        {Permission.VIEW_PORTFOLIO, Permission.EDIT_CUSTOMER, Permission.EDIT_PEOPLE, Permission.CHANGE_CREDIT_TERMS,
         Permission.IMPORT_CUSTOMERS, Permission.SAVE_LAYOUT, Permission.VIEW_COLLECTION}
    ),
    Role.COMMISSION_ANALYST: frozenset({Permission.VIEW_PORTFOLIO}),
    Role.SALES_REP: frozenset({Permission.VIEW_PORTFOLIO}),
    Role.AUDITOR: frozenset(
        {Permission.VIEW_PORTFOLIO, Permission.VIEW_UNIDENTIFIED, Permission.VIEW_AUDIT, Permission.VIEW_COLLECTION}
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """The one who acts: a user, or the built-in `system` of the command line (user_id None, every permission)."""

    user_id: int | None
    name: str
    role: Role
    full_name: str = ""
    region: str | None = None
    sales_rep: str | None = None
    language: str = "es"
    origin: str = "web"
    os_user: str | None = None

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    def may(self, permission: Permission) -> bool:
        if permission is Permission.VIEW_UNIDENTIFIED and self.role is Role.MANAGER:
            return self.region is None  # what is nobody's yet belongs to no region
        return permission in GRANTED[self.role]

    def require(self, permission: Permission) -> None:
        """Refuses what this role may not do."""
        if not self.may(permission):
            raise NotAllowed


def system(origin: str = "cli") -> Actor:
    """The built-in actor that exists only on the command line and in jobs."""
    return Actor(None, "system", Role.ADMIN, origin=origin, os_user=getpass.getuser())
