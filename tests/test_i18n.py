"""Every text that a user may read has its English, and the compiled catalogue is the written one."""

import re

import pytest

from core import i18n
from core.locale import catalogue

LANGUAGES = catalogue.languages()
PLACES = re.compile(r"\{(\w*)[^}]*\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    assert catalogue.missing(catalogue.merged(language)) == [], "run `make i18n` and translate what it names"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_in_step(language):
    assert catalogue.path(language, ".mo").read_bytes() == catalogue.compiled(catalogue.merged(language)), (
        "run `make i18n`"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_of_facts(language):
    wrong = []
    for message in catalogue.merged(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = [
            str(one) for one in (message.string if isinstance(message.string, (tuple, list)) else [message.string])
        ]
        wanted = {place for one in ids for place in PLACES.findall(str(one))}
        wrong += [text for text in texts if text and set(PLACES.findall(text)) - wanted]
        if not isinstance(message.id, tuple) and texts[0] and set(PLACES.findall(texts[0])) != wanted:
            wrong.append(texts[0])
    assert wrong == []


def test_an_unknown_language_is_spanish():
    i18n.use("xx")
    assert i18n.language() == "es"
    assert i18n._("Vencido") == "Vencido"


def test_english_is_spoken():
    i18n.use("en")
    try:
        assert i18n._("Iniciar sesión") == "Sign in"
        assert i18n.plural("{n} usuario", "{n} usuarios", 1) == "1 user"
        assert i18n.plural("{n} usuario", "{n} usuarios", 1200) == "1,200 users"
    finally:
        i18n.use("es")
