"""Tags that always say the same are looked up once, and still say what Django's own say."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, set_script_prefix
from django.utils import translation

from hoptac.ui.templatetags import ui


def said(text: str, **values) -> str:
    return Template(text).render(Context(values))


def test_words_follow_the_language_of_each_reader():
    template = Template('{% translate "Register" %}')
    for _again in range(2):
        assert template.render(Context()) == "Sổ hợp tác xã"
        with translation.override("en"):
            assert template.render(Context()) == "Register"


def test_what_is_not_plain_words_is_left_to_django():
    assert said('{% translate "Register" as words %}[{{ words }}]') == "[Sổ hợp tác xã]"
    assert said('{% translate "Register"|upper %}') == "SỔ HỢP TÁC XÃ"
    assert said('{% translate "Register" noop %}') == "Register"
    template = Template("{% translate words %}")
    assert template.render(Context({"words": "<b>"})) == "&lt;b&gt;"
    assert template.render(Context({"words": "Register"})) == "Sổ hợp tác xã"


def test_addresses_follow_their_parts_and_the_place_of_the_program():
    template = Template('{% url "registry:list" %}')
    assert template.render(Context()) == "/registry/"
    set_script_prefix("/hoptac/")
    try:
        assert template.render(Context()) == "/hoptac/registry/"
    finally:
        set_script_prefix("/")
    one = Template('{% url "registry:record" pk %}')
    ids = ["01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002"]
    assert [one.render(Context({"pk": pk})) for pk in ids] == [f"/registry/{pk}/" for pk in ids]
    assert said('{% url "nothing:like_it" as address %}[{{ address }}]') == "[]"
    with pytest.raises(NoReverseMatch):
        said('{% url "nothing:like_it" %}')


def test_files_have_their_address():
    assert said('{% static "ui/mark.svg" %}') == "/static/ui/mark.svg"
    assert said("{% static name %}", name="ui/mark.svg") == "/static/ui/mark.svg"
    assert said('{% static "ui/mark.svg" as mark %}[{{ mark }}]') == "[/static/ui/mark.svg]"


def test_plain_words_are_looked_up_once(monkeypatch):
    template = Template('{% translate "Register" %}{% url "registry:list" %}')
    template.render(Context())
    monkeypatch.setattr("django.utils.translation.gettext", lambda words: "otherwise")
    monkeypatch.setattr("django.urls.reverse", lambda *a, **k: "otherwise")
    assert template.render(Context()) == "Sổ hợp tác xã/registry/"
    assert isinstance(template.nodelist[0], ui._Kept)
