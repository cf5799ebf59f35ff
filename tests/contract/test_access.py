"""Who may do what, and who sees what: roles of the command line."""

import re

import pytest

from tests.contract.helpers import DAY, Book, bad_rows, pick, shown

ROLES = (
    "admin", "manager", "cashier", "collector", "credit_analyst", "commission_analyst", "sales_rep", "auditor",
)  # fmt: skip


@pytest.fixture
def peopled(empty_book: Book, user) -> Book:
    """C1 is of NORTE, rep V1, collector cora; C2 of SUR, V2, cosme. A user for each role."""
    empty_book.customers("""
        code,legal_name,terms_days,region,sales_rep,collector
        C1,Cliente Uno,30,NORTE,V1,cora
        C2,Cliente Dos,30,SUR,V2,cosme
    """)
    empty_book.documents("""
        number,customer,issue_date,total
        F1,C1,2026-03-01,100.00
        F2,C2,2026-03-01,200.00
    """)
    empty_book.payments("""
        number,date,amount,customer
        P1,2026-03-05,10.00,C1
        P2,2026-03-05,20.00,C2
        P3,2026-03-05,7.00,
    """)
    user("cora", "collector")
    user("vero", "sales_rep", sales_rep="V2")
    user("nora", "manager", region="NORTE")
    user("mara", "manager")
    for role in ("admin", "cashier", "credit_analyst", "commission_analyst", "auditor"):
        user(role, role)
    return empty_book


NAMES = {"collector": "cora", "sales_rep": "vero", "manager": "mara"}

# ------------------------------------------------------------------ who may import what
IMPORTS = {
    "customers": ("code,legal_name\nC9,Nueve", {"admin", "cashier", "credit_analyst"}),
    "documents": ("number,issue_date,total\nF9,2026-03-01,1.00", {"admin", "cashier"}),
    "payments": ("number,date,amount\nP9,2026-03-06,1.00", {"admin", "cashier"}),
    "applications": ("source,document,amount\nP1,F1,1.00", {"admin", "cashier"}),
    "reversals": ("number,date,reason\nP1,2026-03-20,error", {"admin", "cashier", "manager"}),
    "exchange_rates": ("date,currency,rate\n2026-03-01,USD,17", {"admin", "cashier"}),
    "contacts": ("customer,at,channel,outcome\nC1,2026-03-30 10:00,call,no_answer", {"admin", "collector"}),
    "disputes": (
        "number,customer,document,amount,opened_on,reason\nD1,C1,F1,1.00,2026-03-10,price",
        {"admin", "collector"},
    ),
}


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", IMPORTS)
def test_each_kind_is_imported_by_its_roles(peopled: Book, kind: str, role: str):
    content, allowed = IMPORTS[kind]
    name = NAMES.get(role, role)
    if role in allowed:
        assert peopled.put(kind, content, "--as", name)["new"] == 1
    else:
        peopled.refused(kind, content, "--as", name)


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("role", ROLES)
def test_a_dry_run_needs_the_permission_too(peopled: Book, role: str):
    content, allowed = IMPORTS["documents"]
    answer = peopled.load("documents", content, "--dry-run", "--as", NAMES.get(role, role))
    assert answer.code == (0 if role in allowed else 1)


COMMANDS = {
    "close 2026-02 --today 2026-04-10": {"admin"},
    "settings set company.name X": {"admin"},
    "users add zoe --role auditor": {"admin"},
    "users disable cora": {"admin"},
    "users reset cora": {"admin"},
    "payments identify P3 --customer C1": {"admin", "cashier"},
    "audit list": {"admin", "auditor"},
}


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_for_its_roles(peopled: Book, command: str, role: str):
    if role == "collector" and "cora" in command:
        command = command.replace("cora", "vero")
    arguments = (*command.split(), "--as", NAMES.get(role, role))
    if role in COMMANDS[command.replace("vero", "cora")]:
        peopled.done(*arguments)
    else:
        peopled.fails(1, *arguments)


# ------------------------------------------------------------------ who sees what
SEES = {
    "admin": {"C1", "C2"}, "mara": {"C1", "C2"}, "cashier": {"C1", "C2"}, "credit_analyst": {"C1", "C2"},
    "commission_analyst": {"C1", "C2"}, "auditor": {"C1", "C2"}, "nora": {"C1"}, "cora": {"C1"}, "vero": {"C2"},
}  # fmt: skip
TOTALS = {"C1": 90, "C2": 180}


@pytest.mark.parametrize("name", SEES)
def test_aging_shows_ones_customers_and_their_totals_only(peopled: Book, name: str):
    data = peopled.aging(DAY, "--as", name)
    assert {row["key"] for row in data["rows"]} == SEES[name]
    assert [row["total"] for row in data["totals"]] == [f"{sum(TOTALS[code] for code in SEES[name])}.00"]


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("by", ["document", "sales_rep", "collector", "region", "district", "segment"])
def test_every_group_is_of_ones_customers(peopled: Book, by: str):
    for name, total in (("nora", "90.00"), ("cora", "90.00"), ("vero", "180.00")):
        assert [row["total"] for row in peopled.aging(DAY, "--by", by, "--as", name)["totals"]] == [total]


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("name", ["nora", "cora", "vero"])
def test_a_filter_does_not_reach_further(peopled: Book, name: str):
    [other] = {"C1", "C2"} - SEES[name]
    region = {"C1": "NORTE", "C2": "SUR"}[other]
    for option in (["--customer", other], ["--region", region], ["--sales-rep", "V" + other[1]]):
        assert peopled.aging(DAY, "--as", name, *option)["rows"] == []


@pytest.mark.parametrize("name", SEES)
def test_a_statement_is_of_a_customer_one_sees_and_others_are_as_if_unknown(peopled: Book, name: str):
    unknown = peopled.fails(1, "statement", "NADIE", "--as", name).err
    for code in ("C1", "C2"):
        if code in SEES[name]:
            assert peopled.statement(code, "--to", DAY, "--as", name)["closing"] == f"{TOTALS[code]}.00"
        else:
            assert peopled.fails(1, "statement", code, "--as", name).err == unknown.replace("NADIE", code)


@pytest.mark.parametrize(
    ("name", "sales", "unidentified"),
    [
        ("admin", "300.00", "7.00"), ("mara", "300.00", "7.00"), ("cashier", "300.00", "7.00"),
        ("auditor", "300.00", "7.00"), ("nora", "100.00", "0.00"), ("cora", "100.00", "0.00"), ("vero", "200.00",
        "0.00"),
    ],
)  # fmt: skip
def test_indicators_are_those_of_the_customers_one_sees(peopled: Book, name: str, sales: str, unidentified: str):
    assert pick(peopled.kpi("2026-03", "--as", name), "sales unidentified") == {
        "sales": sales, "unidentified": unidentified
    }  # fmt: skip


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("name", ["credit_analyst", "commission_analyst"])
def test_unidentified_money_is_not_for_everybody_who_sees_all(peopled: Book, name: str):
    assert pick(peopled.kpi("2026-03", "--as", name), "sales unidentified") == {
        "sales": "300.00",
        "unidentified": "0.00",
    }


def test_a_customer_who_changes_collector_changes_hands_today(peopled: Book):
    peopled.customers("code,legal_name,collector\nC1,Cliente Uno,cosme\nC2,Cliente Dos,cora")
    assert {row["key"] for row in peopled.aging(DAY, "--as", "cora")["rows"]} == {"C2"}
    peopled.fails(1, "statement", "C1", "--as", "cora")


@pytest.mark.backend("sqlite")
def test_a_rep_sees_his_customers_whole_and_not_others_documents_in_his_name(peopled: Book):
    rows = "number,customer,issue_date,total,sales_rep\nF8,C2,2026-03-01,5.00,V1\nF9,C1,2026-03-01,7.00,V2"
    peopled.documents(rows)
    assert set(peopled.open(DAY, "--as", "vero")) == {"F2", "F8", "P2"}


# ------------------------------------------------------------------ rows about customers one does not see
def unnumbered(reasons: list[str]) -> list[str]:
    return [re.sub(r"^.*?:(\d+): ", r"\1: ", line) for line in reasons]


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("number", ["P2", "F2", "P3"])
def test_a_reversal_of_what_a_regional_manager_does_not_see_is_not_known(peopled: Book, number: str):
    content = "number,date,reason\n{},2026-03-20,error"
    unknown = peopled.refused("reversals", content.format("X9"), "--as", "nora")
    unseen = peopled.refused("reversals", content.format(number), "--as", "nora")
    assert bad_rows(unseen) == [(2, "number")]
    assert unnumbered(unseen) == [line.replace("X9", number) for line in unnumbered(unknown)]


@pytest.mark.backend("sqlite")
def test_a_regional_manager_reverses_in_his_region(peopled: Book):
    peopled.reversals("number,date,reason\nP1,2026-03-20,error\nF1,2026-03-20,error", "--as", "nora")
    assert peopled.open() == {"F2": "200.00", "P2": "-20.00"}


@pytest.mark.backend("sqlite")
def test_a_manager_of_all_reverses_also_what_is_unidentified(peopled: Book):
    assert peopled.reversals("number,date,reason\nP3,2026-03-20,error", "--as", "mara")["new"] == 1


@pytest.mark.backend("sqlite")
def test_a_document_one_does_not_see_is_not_known_beside_a_payment_one_sees(peopled: Book):
    content = "number,date,reason,document\nP1,2026-03-20,error,{}"
    unknown = peopled.refused("reversals", content.format("X9"), "--as", "nora")
    unseen = peopled.refused("reversals", content.format("F2"), "--as", "nora")
    assert unnumbered(unseen) == [line.replace("X9", "F2") for line in unnumbered(unknown)]


# ------------------------------------------------------------------ users
def test_a_disabled_user_does_nothing(peopled: Book):
    peopled.done("users", "disable", "cashier")
    peopled.fails(1, "aging", "--as-of", DAY, "--as", "cashier")
    peopled.refused("payments", IMPORTS["payments"][0], "--as", "cashier")


def test_nobody_is_refused(peopled: Book):
    peopled.fails(1, "aging", "--as-of", DAY, "--as", "nadie")


@pytest.mark.backend("sqlite")
def test_users_are_listed_with_role_and_reach_and_without_password(peopled: Book):
    answer = peopled.done("users", "list")
    rows = {row["name"]: row for row in answer.rows}
    assert pick(rows["nora"], "role region") == {"role": "manager", "region": "NORTE"}
    assert pick(rows["vero"], "role sales_rep") == {"role": "sales_rep", "sales_rep": "V2"}
    assert "password" not in answer.out.lower()
    assert "$" not in answer.out


@pytest.mark.backend("sqlite")
def test_users_are_added_once_disabled_and_reset_by_name(book: Book, user):
    book.done("users", "add", "ana", "--role", "manager", "--region", "NORTE")
    book.fails(1, "users", "add", "ana", "--role", "admin")
    book.fails(2, "users", "add", "beto", "--role", "king")
    book.fails(2, "users", "add", "beto")
    book.fails(1, "users", "disable", "nadie")
    book.fails(1, "users", "reset", "nadie")
    book.done("users", "reset", "ana")
    assert shown(book.done("users", "list").rows, "name role region") == {("ana", "manager", "NORTE")}


@pytest.mark.backend("sqlite")
def test_the_builtin_system_is_no_name_for_a_user(book: Book):
    book.fails(1, "users", "add", "system", "--role", "admin")


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("password", ["", "corta", "123456789012"])
def test_a_weak_password_is_refused(book: Book, monkeypatch: pytest.MonkeyPatch, password: str):
    monkeypatch.setenv("CARTERA_PASSWORD", password)
    if not password:
        monkeypatch.delenv("CARTERA_PASSWORD")
    answer = book.run("users", "add", "ana", "--role", "admin")
    assert answer.code != 0
    assert book.done("users", "list").rows == []


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("role", ["sales_rep", "collector"])
def test_who_has_no_customers_sees_none_not_even_those_of_nobody(book: Book, user, role: str):
    book.customers("code,legal_name\nC9,De nadie")
    book.documents("number,customer,issue_date,total\nF1,C1,2026-03-01,1.00\nF9,C9,2026-03-01,9.00")
    user("zoe", role)
    assert book.aging(DAY, "--as", "zoe")["rows"] == []
    book.fails(1, "statement", "C9", "--as", "zoe")
    assert all(row["closing"] == "0.00" for row in book.kpis("2026-03", "2026-03", "--as", "zoe"))
