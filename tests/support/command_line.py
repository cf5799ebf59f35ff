"""`python -m core …` inside the test's own process and database: quick, and coverage of what a user types."""

import contextlib
import contextvars
import io
import json
import runpy
import sys
import traceback
from typing import Any, NamedTuple
from unittest.mock import patch


class Answer(NamedTuple):
    """What a command left: its exit code, what it wrote, and its JSON when it wrote some."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        try:
            return json.loads(self.out)
        except ValueError:
            raise AssertionError(f"no JSON on stdout (exit {self.code}): {self.out!r} {self.err!r}") from None

    @property
    def rows(self) -> list[dict[str, Any]]:
        data = self.data
        rows: list[dict[str, Any]] = data if isinstance(data, list) else data["rows"]
        return rows

    @property
    def reasons(self) -> list[str]:
        """The refusals, one line each."""
        return self.err.splitlines()


def run(*argv: object, stdin: str = "") -> Answer:
    """Runs the command in a context of its own, so that its day, user and language do not stay."""
    return contextvars.copy_context().run(_run, [str(one) for one in argv], stdin)


def _run(argv: list[str], stdin: str) -> Answer:
    out, err = _stream(), _stream()
    code = 0
    with (
        patch.object(sys, "argv", ["core", *argv]), patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out), contextlib.redirect_stderr(err),
    ):  # fmt: skip
        try:
            runpy.run_module("core", run_name="__main__")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
            if isinstance(end.code, str):
                err.write(end.code + "\n")
        except BaseException:
            traceback.print_exc(file=err)
            code = 1
    answer = Answer(code, _text(out), _text(err))
    assert "Traceback (most recent call last)" not in answer.err, f"`{' '.join(argv)}`: {answer.err}"
    return answer


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8", errors="replace")
