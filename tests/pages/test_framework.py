"""What we ask of Streamlit beyond its promises: its words in Spanish, files that wait to be fetched."""

import re

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from core import i18n
from pages.ui import framework, kept_files, style


@pytest.fixture
def files(monkeypatch):
    for name in ("_get_inactive_file_ids", "_remove_orphaned_deferred_callables"):
        monkeypatch.setattr(MediaFileManager, name, getattr(MediaFileManager, name))  # put back afterwards
    kept_files.install()
    return MediaFileManager(MemoryMediaFileStorage("/media"))


@pytest.fixture
def wait(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def made(files: MediaFileManager) -> str:
    button = files.add_deferred(lambda: b"x", "text/csv", "1.1", file_name="a.csv")
    return files.execute_deferred(button).rpartition("/")[2].partition(".")[0]


def test_a_file_made_on_a_click_waits_while_other_users_screens_are_drawn(files, wait):
    file = made(files)
    for _draw in range(5):
        files.remove_orphaned_files()
    assert files.read_file(file) is not None
    wait(kept_files.GRACE + 1)
    for _draw in range(2):  # the framework marks first and deletes the next time
        files.remove_orphaned_files()
    assert files.read_file(file) is None


def test_the_button_of_a_screen_just_drawn_anew_still_works(files, wait):
    before = files.add_deferred(lambda: b"x", "text/csv", "1.1", file_name="a.csv")
    files.add_deferred(lambda: b"y", "text/csv", "1.1", file_name="a.csv")
    files.remove_orphaned_files()
    assert files.execute_deferred(before)
    wait(kept_files.GRACE + 1)
    files.remove_orphaned_files()
    with pytest.raises(Exception, match="not found"):
        files.execute_deferred(before)


def test_a_button_that_is_disabled_makes_no_file_from_then_on(files):
    button = files.add_deferred(lambda: b"x", "text/csv", "1.1", file_name="a.csv")
    files.remove_deferred("1.1")
    with pytest.raises(Exception, match="not found"):
        files.execute_deferred(button)


def test_every_word_of_the_framework_has_ours_with_the_same_places():
    for english, ours in framework.WORDS.items():
        for language in i18n.LANGUAGES:
            i18n.use(language)
            said = i18n._(ours)
            assert said
            assert said.count("*") <= english.count("*") <= 1, english


def test_what_the_style_hides_by_its_name_keeps_its_name():
    """The framework's own download of a table passes by our permission and log: it is hidden."""
    names = re.findall(r'aria-label[^=]*="([^"]+)"', style._CSS)
    assert "Download as CSV" in names
    assert not [one for one in framework.WORDS if one.startswith(tuple(names))]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_word_of_ours_is_changed_again(language):
    i18n.use(language)
    words = {english: i18n._(ours) for english, ours in framework.WORDS.items()}
    again = {ours: words[ours] for ours in words.values() if words.get(ours, ours) != ours}
    assert not again, "the browser would change them for ever"


def test_the_script_of_the_words_has_an_address_of_its_own_for_each_version():
    assert framework.SCRIPT.startswith("//")
    assert len(framework._VERSION) == 12
