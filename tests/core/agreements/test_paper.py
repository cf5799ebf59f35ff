"""The agreement on paper, read back."""

import io
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core import i18n
from core.agreements.deciding import approve_agreement
from core.agreements.drafting import Terms
from core.agreements.files import sheet
from core.agreements.paper import as_pdf, file_name
from core.agreements.proposing import propose_agreement
from core.agreements.queries import AgreementCard, agreement_card, agreements
from core.auth.actor import Role, system
from core.files import csv
from core.policies.settings import set_setting
from core.portfolio.statement_files import Letterhead
from tests.build import TODAY, a_charge, a_customer, an_actor

D = Decimal
SENDER = Letterhead("Aceros del Norte, S.A.", ("Av. Uno 1, Monterrey",))


@pytest.fixture
def card(session) -> AgreementCard:
    customer = a_customer(session, "C1", legal_name="Obras & Cía <SA>", tax_id="OCI010101AB1")
    a_charge(session, customer, amount="900.00", overdue_days=60, number="F1")
    set_setting(session, system(), key="agreements.manager_waiver_pct", value="100")
    made = propose_agreement(
        session, an_actor(Role.ADMIN, name="ana"), on=TODAY,
        terms=Terms(
            customer.id, "MXN", ("F1",), TODAY, times=2, down_payment=D("0.00"), waive_pct=D("50"), plan_pct=D("12"),
            guarantee="Pagaré por $1,000.00",
        ),
    )  # fmt: skip
    approve_agreement(session, an_actor(Role.MANAGER, name="jefe"), number=made.number, on=TODAY)
    return agreement_card(session, system(), number=made.number, as_of=TODAY)


def text_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"\s+", " ", text)


@pytest.mark.backend("sqlite")
def test_it_has_parties_debt_plan_clauses_and_lines_to_sign_on(card):
    text = text_of(as_pdf(card, SENDER))
    for expected in (
        "Convenio de pago CV-000001", "Aceros del Norte, S.A.", "Obras & Cía <SA>", "OCI010101AB1", "F1", "900.00",
        "9.00", "-$4.50", "6 % anual simple sobre un año de 360 días", "condona $4.50 MXN", "Pagaré por $1,000.00",
        "se vuelve a deber el interés condonado, $4.50 MXN", "Por el acreedor", "Por el deudor", "3 días de gracia",
    ):  # fmt: skip
        assert expected in text, expected
    assert f"${card.row.total:,.2f} MXN en 2 pagos" in text
    assert "Propuesta" not in text.replace("Propuesto", "")


@pytest.mark.backend("sqlite")
def test_it_is_in_english_for_who_reads_english(card):
    text = text_of(as_pdf(card, SENDER, language="en"))
    assert "Payment agreement CV-000001" in text
    assert "grace" in text
    assert i18n.language() == "es"
    assert file_name("CV-000001") == "convenio_CV-000001.pdf"


@pytest.mark.backend("sqlite")
def test_the_list_is_a_table_with_totals_by_currency(session, card):
    content = csv.document(sheet(agreements(session, system(), as_of=TODAY)), heading=False, totals=True).decode()
    assert "CV-000001" in content
    assert "Vigente" in content
    assert str(card.row.total) in content
