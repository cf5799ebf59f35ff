"""Kind `customers`: made, updated with history, codes with zeros, parents, credit terms, values."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from core.customers.models import Customer, CustomerChange
from core.db import reading


def customer(code: str) -> Customer:
    with reading() as session:
        return session.scalars(select(Customer).where(col(Customer.code) == code)).one()


def changes() -> list[tuple[str, str | None, str | None]]:
    with reading() as session:
        return [(one.field, one.before, one.after) for one in session.scalars(select(CustomerChange))]


def test_all_columns_are_kept(database, load):
    answer = load(
        "customers",
        "código;razón social;rfc;región;distrito;vendedor;gestor;segmento;moneda;plazo;límite;correo;teléfono;idioma;"
        "estado;matriz;país;zona horaria\n"
        'C1;"Peña; S.A.";gode561231gr8;NORTE;D1;V1;ana;S1;usd;38.0;"1,500.00";a@b.mx;81 1;Inglés;Inactivo;;mx;'
        "America/Tijuana\n",
    )
    assert answer.data["new"] == 1, answer.err
    made = customer("C1")
    assert (made.legal_name, made.tax_id, made.currency, made.terms_days, made.credit_limit) == (
        "Peña; S.A.", "GODE561231GR8", "USD", 38, Decimal("1500.00"),
    )  # fmt: skip
    assert (made.language, made.status, made.country, made.time_zone) == ("en", "inactive", "MX", "America/Tijuana")
    assert made.search == "c1 pena; s.a. gode561231gr8"


def test_blanks_are_zero_days_no_limit_and_active(database, load):
    load("customers", "code,legal_name,terms_days,credit_limit,status\nC1,Uno,,,\n")
    made = customer("C1")
    assert (made.terms_days, made.credit_limit, made.status, made.currency) == (0, None, "active", None)


def test_a_known_customer_is_updated_with_history(database, load):
    load("customers", "code,legal_name,region,segment,credit_limit,terms_days\nC1,Uno,NORTE,S1,500,30\n")
    answer = load("customers", "code,legal_name,region,credit_limit\nC1,Uno S.A.,,0\n")
    assert answer.data == {
        "read": 1, "new": 0, "repeated": 0, "updated": 1, "rejected": 0, "warnings": [], "total": {},
    }  # fmt: skip
    made = customer("C1")
    assert (made.legal_name, made.region, made.segment, made.credit_limit, made.terms_days) == (
        "Uno S.A.", None, "S1", Decimal(0), 30,
    )  # fmt: skip
    assert sorted(changes()) == [
        ("credit_limit", "500.00", "0.00"), ("legal_name", "Uno", "Uno S.A."), ("region", "NORTE", None),
    ]  # fmt: skip
    assert made.search == "c1 uno s.a."


def test_values_are_compared_and_not_texts(database, load):
    load("customers", "code,legal_name,terms_days,credit_limit\nC1,Uno,38,1000\n")
    again = load("customers", 'code,legal_name,terms_days,credit_limit\nC1, Uno ,38.0,"1,000.00"\n')
    assert again.data["repeated"] == 1
    assert changes() == []


def test_codes_that_lost_their_zeros_are_the_known_one_and_are_counted(database, load):
    load("customers", "code,legal_name\n0100,Cien\n")
    answer = load("customers", "code,legal_name\n100,Cien S.A.\n")
    assert answer.data["updated"] == 1
    assert "100" in answer.data["warnings"][0]
    assert customer("0100").legal_name == "Cien S.A."


def test_two_spellings_in_one_file_are_one_customer(database, load):
    assert load("customers", "code,legal_name\n0100,Cien\n100,Cien\n").data["new"] == 1
    assert load("customers", "code,legal_name\n0200,Doscientos\n200,Otro\n").code == 1
    assert load("customers", "code,legal_name\n100,Cien\n00100,Otro\n").code == 1


def test_a_code_that_may_be_two_is_a_bad_row_but_as_written_it_is_one(database, load):
    from core.db import transaction
    from tests.build import a_customer

    with transaction() as session:
        a_customer(session, "0100")
        a_customer(session, "00100")
    answer = load("customers", "code,legal_name\n100,Cien\n")
    assert answer.code == 1
    assert "0100, 00100" in answer.err
    assert load("customers", "code,legal_name\n00100,Cien\n").data["updated"] == 1


def test_excel_takes_no_zero_and_leaves_no_point(database, load):
    load("customers", [["code", "legal_name"], ["007", "Bond"], ["38.0", "Treinta y ocho"]], name="rows.xlsx")
    assert (customer("007").legal_name, customer("38").legal_name) == ("Bond", "Treinta y ocho")


def test_a_parent_may_come_later_in_the_file(database, load):
    answer = load("customers", "code,legal_name,parent\nC2,Sucursal,C1\nC1,Matriz,\nC3,Otra,C2\n")
    assert answer.data["new"] == 3
    assert customer("C2").parent_id == customer("C1").id
    assert load("customers", "code,legal_name,parent\nC2,Sucursal,C1\n").data["repeated"] == 1
    assert load("customers", "code,legal_name,parent\nC3,Otra,C1\n").data["updated"] == 1
    assert changes() == [("parent", "C2", "C1")]


@pytest.mark.parametrize(
    "rows",
    ["C1,Uno,C1", "C1,Uno,C2\nC2,Dos,C1", "C1,Uno,C2\nC2,Dos,C3\nC3,Tres,01", "K1,Raíz,K2", "C1,Uno,C9"],
)  # fmt: skip
def test_parents_that_cannot_be(database, load, rows):
    assert load("customers", "code,legal_name,parent\nK1,Raíz,\nK2,Hija,K1\n01,Uno cero,\n").code == 0
    rows = rows.replace("C3,Tres,01", "C3,Tres,C1")
    answer = load("customers", f"code,legal_name,parent\n{rows}\n")
    assert answer.code == 1
    assert all(": parent: " in reason for reason in answer.reasons)


def test_who_hangs_on_a_bad_row_is_put_apart_with_it(database, load, tmp_path):
    answer = load(
        "customers", "code,legal_name,email,parent\nC1,Matriz,no es correo,\nC2,Hija,,C1\nC3,Nieta,,C2\nC4,Sola,,\n",
        "--skip-bad-rows", "--rejected", str(tmp_path / "r.csv"),
    )  # fmt: skip
    assert (answer.data["new"], answer.data["rejected"]) == (1, 3)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("currency", "PESOS"), ("terms_days", "-1"), ("terms_days", "30.5"), ("credit_limit", "-5"),
        ("credit_limit", "1.234,56"), ("email", "ana"), ("language", "fr"), ("status", "quizá"), ("country", "México?"),
        ("time_zone", "Marte/Olimpo"), ("legal_name", "x" * 251), ("region", "x" * 81), ("tax_id", "x" * 21),
        ("legal_name", ""), ("phone", "1" * 61),
    ],
)  # fmt: skip
@pytest.mark.backend("sqlite")
def test_values_that_are_refused(database, load, column, value):
    row = {"code": "C1", "legal_name": "Uno"} | {column: value}
    answer = load("customers", f"{','.join(row)}\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n")
    assert answer.code == 1
    assert answer.err.startswith(f"rows.csv:2: {column}: ")


def test_a_doubtful_rfc_warns_and_a_generic_one_identifies_nobody(database, load):
    answer = load(
        "customers",
        "code,legal_name,tax_id,country\nC1,Uno,GODE561231GR9,\nC2,Dos,XAXX010101000,\nC3,Tres,XAXX010101000,\n"
        "C4,Cuatro,GODE561231GR8,\nC5,Cinco,12-345,US\n",
    )  # fmt: skip
    assert answer.data["new"] == 5
    [warning] = answer.data["warnings"]
    assert "GODE561231GR9" in warning
    assert load("customers", "code,legal_name,tax_id\nC1,Uno,GODE561231GR9\n").data["warnings"] == []


def test_only_the_credit_area_changes_limit_and_terms_of_a_known_customer(database, load, user, tmp_path):
    user("caja", "cashier")
    user("cred", "credit_analyst")
    new = "code,legal_name,credit_limit,terms_days\nC1,Uno,500,30\nC2,Dos,,\n"
    assert load("customers", new, "--as", "caja").data["new"] == 2
    for row, column in (
        ("C1,Uno,600,30", "credit_limit"),
        ("C1,Uno,600,31", "terms_days"),
        ("C2,Dos,0,", "credit_limit"),
    ):
        answer = load("customers", f"code,legal_name,credit_limit,terms_days\n{row}\n", "--as", "caja")
        assert answer.code == 1
        assert answer.err.startswith(f"rows.csv:2: {column}: ")
        assert (
            load("customers", f"code,legal_name,credit_limit,terms_days\n{row}\n", "--as", "cred").data["updated"] == 1
        )
    assert load("customers", "code,legal_name,terms_days,credit_limit\nC1,Uno S.A.,31,600\n", "--as", "caja").code == 0


def test_a_name_that_looks_like_a_formula_stays_as_written(database, load):
    load("customers", "code,legal_name\nC1,=SUMA(A1)\nC2,-Guion\n")
    assert (customer("C1").legal_name, customer("C2").legal_name) == ("=SUMA(A1)", "-Guion")
