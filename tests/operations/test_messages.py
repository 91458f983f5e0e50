"""Screen texts: found in code and templates, kept complete, compiled."""

from __future__ import annotations

import gettext
import os

import polib
import pytest

from hoptac.foundation import messages
from hoptac.foundation.messages import Key


@pytest.fixture
def source(tmp_path):
    """A source tree of one app with a few texts."""
    app = tmp_path / "hoptac/desk"
    (app / "templates/desk").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "views.py").write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext\n"
        '_("Merge")\n'
        'ngettext("%(n)s paper", "%(n)s papers", 2)\n'
        'pgettext("month", "May")\n'
        "# Translators: said to the officer\n"
        '_("It is late")\n'
    )
    (app / "templates/desk/page.html").write_text(
        "<c-page title=\"{% translate 'Register it' %}\">"
        "{% blocktranslate count n=n trimmed %}\n  {{ n }} line\n"
        "{% plural %}\n  {{ n }} lines\n{% endblocktranslate %}</c-page>"
    )
    tests = app / "tests"
    tests.mkdir()
    (tests / "test_x.py").write_text('_("Not for the screen")')
    return tmp_path / "hoptac"


def fill(source):
    path = messages.catalogue_path(source / "desk")
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid_plural}
        else:
            entry.msgstr = f"vi {entry.msgid}"
    catalogue.save()
    return path


def test_texts_of_code_and_templates_are_found(source):
    texts = messages.extract(source)[source / "desk"]
    assert set(texts) == {
        Key("Merge"),
        Key("%(n)s paper"),
        Key("May", "month"),
        Key("It is late"),
        Key("Register it"),
        Key("%(n)s line"),
    }
    assert texts[Key("%(n)s line")].plural == "%(n)s lines"
    assert texts[Key("It is late")].comments == ["Translators: said to the officer"]


def test_a_text_without_translation_is_named_with_its_place(source):
    gaps = messages.missing_translations(source)
    assert len(gaps) == 6
    words = "desk/locale/vi/LC_MESSAGES/django.po: not in the catalogue: 'Merge'"
    assert any(words in str(gap) and "desk/views.py:2" in str(gap) for gap in gaps)
    messages.update(source)
    assert {gap.what for gap in messages.missing_translations(source)} == {"not translated"}
    fill(source)
    assert messages.missing_translations(source) == []


def test_a_left_over_text_is_named_unless_it_is_kept_on_purpose(source):
    messages.update(source)
    path = fill(source)
    catalogue = polib.pofile(str(path))
    catalogue.append(polib.POEntry(msgid="Old", msgstr="Cũ"))
    catalogue.append(polib.POEntry(msgid="Sign in", msgstr="Đăng nhập", tcomment="keep: allauth"))
    catalogue.save()
    assert [gap.msgid for gap in messages.missing_translations(source)] == ["Old"]
    messages.update(source)
    kept = {entry.msgid for entry in polib.pofile(str(path))}
    assert "Sign in" in kept
    assert "Old" not in kept


def test_a_placeholder_that_the_source_does_not_have_is_named(source):
    messages.update(source)
    path = fill(source)
    catalogue = polib.pofile(str(path))
    catalogue.find("%(n)s paper").msgstr_plural = {0: "%(count)s giấy"}
    catalogue.save()
    assert [gap.what for gap in messages.missing_translations(source)] == ["placeholders differ"]


def test_bringing_up_to_date_keeps_translations_and_is_stable(source):
    messages.update(source)
    path = fill(source)
    before = path.read_text()
    stamp = path.stat().st_mtime_ns
    assert messages.update(source) == {path: 0}
    assert path.read_text() == before or path.stat().st_mtime_ns == stamp
    (source / "desk/views.py").write_text('_("Merge")\n_("Divide")\n')
    assert messages.update(source) == {path: 1}
    assert polib.pofile(str(path)).find("Merge").msgstr == "vi Merge"


def test_only_stale_catalogues_are_compiled(source):
    messages.update(source)
    path = fill(source)
    compiled = messages.compile_messages(source)
    assert compiled == [path.with_suffix(".mo")]
    with compiled[0].open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Merge") == "vi Merge"
    assert messages.compile_messages(source) == []
    later = path.stat().st_mtime + 5
    os.utime(path, (later, later))
    assert messages.compile_messages(source) == compiled


def test_a_text_that_two_apps_translate_differently_is_named_unless_a_context_parts_them(source):
    messages.update(source)
    fill(source)
    other = source / "office"
    other.mkdir()
    (other / "apps.py").write_text("")
    (other / "views.py").write_text(
        "from django.utils.translation import gettext as _, pgettext\n"
        '_("Merge")\npgettext("road", "May")\n'
    )
    messages.update(source)
    path = messages.catalogue_path(other)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = f"otherwise {entry.msgid}"
    catalogue.save()
    (gap,) = messages.missing_translations(source)
    assert gap.msgid == "Merge"
    assert gap.what.startswith("translated otherwise")
