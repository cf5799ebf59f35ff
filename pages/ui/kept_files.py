"""A file made on a click waits for the browser to fetch it.

Streamlit drops what no screen points to whenever any user's screen has been drawn. A file just made is pointed to by
none, and the button of a screen that is drawn anew is another one: on a busy server, or over a telephone's slow line,
a download was gone before the browser came for it. Here both stay a while. Internal names; a test watches them.
"""

import time
from typing import Any

from streamlit.runtime.media_file_manager import MediaFileManager

#: Seconds between the last use of a file or button and its end.
GRACE = 60.0


def install() -> None:
    """Once, before the server starts."""
    its: Any = MediaFileManager
    its._get_inactive_file_ids = _files_over
    its._remove_orphaned_deferred_callables = _drop_buttons_over


def _pointed_to(manager: Any) -> set[str]:
    return {one for session in manager._files_by_session_and_coord.values() for one in session.values()}


def _over(manager: Any, kind: str, unused: set[str]) -> set[str]:
    """Those that have been unused for longer than the grace."""
    now = time.monotonic()
    before: dict[str, float] = getattr(manager, kind, {})
    since = {one: before.get(one, now) for one in unused}
    setattr(manager, kind, since)
    return {one for one, at in since.items() if now - at > GRACE}


def _files_over(manager: Any) -> set[str]:
    return _over(manager, "_cartera_files", set(manager._file_metadata) - _pointed_to(manager))


def _drop_buttons_over(manager: Any) -> None:
    for one in _over(manager, "_cartera_buttons", set(manager._deferred_callables) - _pointed_to(manager)):
        manager._drop_deferred_id(one)
