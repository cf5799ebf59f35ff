"""Why a file or a value cannot be read: a Spanish sentence with places for facts, translated where it is shown."""

from __future__ import annotations

from collections.abc import Callable


class Refused(ValueError):
    """A refusal the user can read. `pybabel extract -k BadValue -k BadFile` finds the templates."""

    def __init__(self, template: str, **params: object) -> None:
        """Keep the sentence apart from its facts: the template is the message id of gettext."""
        super().__init__(template, params)
        self.template = template
        self.params = params

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of `translate`, which is gettext."""
        return translate(self.template).format(**self.params)

    def __str__(self) -> str:
        return self.sentence()


class BadValue(Refused):
    """A cell that cannot be read as what its column holds."""


class BadFile(Refused):
    """A file that cannot be read at all."""
