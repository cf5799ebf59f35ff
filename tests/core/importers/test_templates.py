"""Templates: empty workbooks whose headings come back recognised, with an explanation beside them."""

import fastexcel
import pytest

from core import i18n
from core.auth.actor import system
from core.importers.base import Source, open_file, prepare
from core.importers.kinds import NAMES, kind_of
from core.importers.templates import template


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("kind", NAMES)
def test_every_heading_comes_back_as_its_field(kind, language):
    i18n.use(language)
    made = template(kind_of(kind))
    i18n.use("es")
    _, columns = open_file(kind_of(kind), Source("plantilla.xlsx", made), None)
    assert list(columns.places) == [one.name for one in kind_of(kind).fields]
    assert columns.unused == ()


def test_an_empty_template_is_an_import_of_nothing(database):
    made = prepare(system(), kind_of("documents"), Source("plantilla.xlsx", template(kind_of("documents"))))
    assert made.counts()["read"] == 0


@pytest.mark.parametrize("kind", NAMES)
def test_the_second_sheet_explains_each_column_with_an_example_that_is_taken(kind):
    sheet = fastexcel.read_excel(template(kind_of(kind))).load_sheet(1, dtypes="string").to_arrow()
    rows = sheet.to_pylist()
    assert [row["Obligatoria"] for row in rows] == ["Sí" if one.required else "No" for one in kind_of(kind).fields]
    assert all(row["Ejemplo"] for row in rows if row["Obligatoria"] == "Sí")
