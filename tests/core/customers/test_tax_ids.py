"""What is doubtful about an RFC."""

import pytest

from core.customers.tax_ids import TaxIdCheckDigit, TaxIdMalformed, doubt, tidy


@pytest.mark.parametrize(
    ("tax_id", "country", "expected"),
    [
        ("GODE561231GR8", None, None),
        ("MAB9307148T4", "MX", None),
        ("XAXX010101000", None, None),
        ("XEXX010101000", "MX", None),
        ("VACE460910SX6", None, TaxIdCheckDigit),
        ("MAB9307148T5", "MX", TaxIdCheckDigit),
        ("MAB931414XX4", "MX", TaxIdMalformed),  # month 14
        ("COMG600703", None, TaxIdMalformed),  # without its last three signs
        ("12-3456789", None, TaxIdMalformed),
        ("12-3456789", "US", None),
        (None, None, None),
    ],
)
def test_an_rfc_is_doubted_by_its_form_and_its_check_digit(tax_id, country, expected):
    found = doubt(tax_id, country)
    assert (type(found) if found else None) is expected


def test_an_rfc_is_kept_in_capitals_without_blanks_and_hyphens():
    assert tidy(" gode-561231 gr8 ", None) == "GODE561231GR8"
    assert tidy(" ab-12 ", "US") == "ab-12"
    assert tidy("  ", "MX") is None
