"""The navigation shows what the reader may open, and where the reader is."""

import pytest
from django.utils import translation

from hoptac.foundation.access import Context, Grant, Role
from hoptac.foundation.identifiers import uuid7
from hoptac.ui import navigation


def reader(*permissions: str) -> Context:
    return Context(grants=(Grant(uuid7(), Role("r", frozenset(permissions)), "91"),))


@pytest.fixture
def entries():
    navigation.declare("Catalogue", "ui:catalogue", "list-details", "", "administration", 1)
    navigation.declare("Secret", "ui:set_preference", "lock", "ui.secret", "administration", 2)
    navigation.declare("Nowhere", "no:such", "lock", "", "administration", 3)
    yield
    for name in ("ui:catalogue", "ui:set_preference", "no:such"):
        navigation.withdraw(name)


def labels(desks):
    return [str(e["label"]) for d in desks for e in d["entries"]]


@pytest.mark.usefixtures("entries")
def test_entries_need_their_permission_and_a_page():
    assert "Secret" not in labels(navigation.for_reader(reader(), "/ui/"))
    shown = labels(navigation.for_reader(reader("ui.secret"), "/ui/"))
    assert {"Catalogue", "Secret"} <= set(shown)
    assert "Nowhere" not in shown


@pytest.mark.usefixtures("entries")
def test_one_entry_is_where_the_reader_is():
    desks = navigation.for_reader(reader("ui.secret"), "/ui/preference/")
    here = [str(e["label"]) for d in desks for e in d["entries"] if e["here"]]
    assert here == ["Secret"]


@pytest.mark.usefixtures("entries")
def test_the_kept_html_follows_language_and_page():
    vietnamese = navigation.html_for(reader("registry.view"), "/registry/")
    assert 'href="/registry/" aria-current="page"' in vietnamese
    with translation.override("en"):
        assert navigation.html_for(reader("registry.view"), "/registry/") != vietnamese
    assert "/registry/" not in navigation.html_for(reader(), "/")
