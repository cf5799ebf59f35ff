"""Checking a template before it is kept: what it brings along, its fields, and that it can be drawn.

Somebody else's file is opened in a process of its own, with limits of time and memory: whatever it does there, the
application goes on.
"""

import json
import subprocess
import sys

from core import i18n
from core.config import ROOT
from core.files import docx_safety
from core.i18n import _
from core.letters.rendering import TemplateNotUsable, fill_text

_SECONDS = 30
_MEMORY = 2_000_000_000


def check(content: bytes, subject: str, body: str) -> None:
    """Refuses a template that cannot be used, with every reason. Raises TemplateNotUsable."""
    dangers = docx_safety.dangers(content)
    if dangers:
        raise TemplateNotUsable([docx_safety.told(one) for one in dangers])
    from core.letters import fields

    values = fields.values(fields.sample(), "es")
    reasons: list[str] = []
    for text in (subject, body):
        try:
            fill_text(text, values)
        except TemplateNotUsable as error:
            reasons += error.lines()
    reasons += _apart(content)
    if reasons:
        raise TemplateNotUsable(reasons)


def _apart(content: bytes) -> list[str]:
    """What another process, which may die of it, finds wrong."""
    command = [sys.executable, "-m", __name__, i18n.language()]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            command, input=content, capture_output=True, timeout=_SECONDS, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired:
        return [_("Tarda demasiado en llenarse. Simplifíquela.")]
    if done.returncode != 0:
        return [_("No se puede llenar: el archivo está dañado o pide demasiado. Ábralo en Word y guárdelo de nuevo.")]
    found: list[str] = json.loads(done.stdout)
    return found


def _main(language: str) -> None:
    _limit_memory()
    i18n.use(language)
    from core.letters import fields, rendering

    content = sys.stdin.buffer.read()
    reasons: list[str] = []
    try:
        for facts in (fields.sample(), fields.sample(lines=120)):
            rendering.letter_pdf(content, fields.values(facts, language), title="")
    except TemplateNotUsable as error:
        reasons = error.lines()
    sys.stdout.write(json.dumps(reasons))


def _limit_memory() -> None:
    try:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    except (ImportError, ValueError, OSError):
        pass


if __name__ == "__main__":
    _main(sys.argv[1])
