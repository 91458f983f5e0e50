"""The catalogue, the error pages, the reader's choices, and views that end in an act."""

import re

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from hoptac.foundation.access import ANONYMOUS
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Finding, Refused
from hoptac.ui import views
from hoptac.ui.catalogue import SampleForm

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_catalogue_shows_every_component_without_inline_style(officer, client_of, language):
    ctx = officer()
    ctx.user.language = language
    ctx.user.save(update_fields=["language"])
    response = client_of(ctx).get(reverse("ui:catalogue"))
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert not re.search(r"\sstyle=|\son[a-z]+=|<c-|javascript:", html)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)


def test_the_catalogue_asks_to_sign_in():
    assert Client().get(reverse("ui:catalogue")).status_code == 302


def test_errors_stand_within_the_shell_and_keep_their_status(rf):
    request = rf.get("/x/")
    request.ctx, request.user = ANONYMOUS, None
    assert views.bad_request(request).status_code == 400
    assert views.permission_denied(request, PermissionDenied()).status_code == 403
    assert views.permission_denied(request, OutOfReach()).status_code == 404
    assert views.page_not_found(request).status_code == 404
    assert views.csrf_failure(request).status_code == 403
    assert views.server_error(request).status_code == 500
    assert views.unavailable(request).headers["Retry-After"] == "5"


def test_a_broken_page_needs_no_database(django_db_blocker, rf):
    with django_db_blocker.block():
        assert "Hệ thống gặp sự cố" in views.server_error(rf.get("/")).content.decode()


def test_a_visitor_keeps_language_and_appearance_by_cookie():
    client = Client()
    answer = client.post(
        reverse("ui:set_preference"), {"language": "en", "next": "/accounts/login/?next=/ui/"}
    )
    assert answer.url == "/accounts/login/?next=/ui/"
    assert client.cookies["language"].value == "en"
    assert client.post(reverse("ui:set_preference"), {"theme": "dark"}).url == "/"
    assert client.cookies["theme"].value == "dark"
    elsewhere = {"theme": "pink", "next": "https://elsewhere.example/"}
    assert client.post(reverse("ui:set_preference"), elsewhere).url == "/"
    assert client.cookies["theme"].value == "dark"
    assert client.get(reverse("ui:set_preference")).status_code == 405


def test_a_person_who_signed_in_changes_the_own_language_by_an_act(officer, client_of):
    ctx = officer()
    client = client_of(ctx)
    for _twice in range(2):
        client.post(reverse("ui:set_preference"), {"language": "en"})
    ctx.user.refresh_from_db()
    assert ctx.user.language == "en"
    (entry,) = Act.objects.filter(name="accounts.change_own_profile", actor_id=ctx.user.pk)
    assert entry.payload.content["details"] == {"fields": ["language"]}


def test_a_field_tells_what_it_is_described_by():
    form = SampleForm({"name": "", "established_on": "31/02/2019"})
    form.is_valid()
    html = Template(
        '{% cotton field :of="form.name" /%}{% cotton field :of="form.established_on" /%}'
    )
    shown = html.render(Context({"form": form}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert "data-day" in shown


class Only(forms.Form):
    name = forms.CharField(required=False)


class Perform(views.OfficeFormView):
    form_class = Only
    template_name = "ui/error.html"

    def form_valid(self, form):
        raise Refused(
            Finding("a", "Tên đã có", field="name", basis="điều 7"), Finding("b", "Chưa đủ")
        )


def test_what_an_act_refuses_stands_on_the_form():
    request = RequestFactory().post("/x/", {"name": "HTX"})
    request.ctx, request.user = ANONYMOUS, None
    response = Perform.as_view()(request)
    form = response.context_data["form"]
    assert response.status_code == 422
    assert form.errors == {"name": ["Tên đã có (điều 7)"], "__all__": ["Chưa đủ"]}


def test_a_view_refuses_without_its_permission():
    class Closed(views.OfficeView):
        permission = "ui.nobody"

    request = RequestFactory().get("/x/")
    request.ctx = ANONYMOUS
    with pytest.raises(PermissionDenied):
        Closed.as_view()(request)


def test_every_text_is_translated():
    with translation.override("vi"):
        from django.utils.translation import gettext

        assert gettext("Skip to the content") == "Đến nội dung chính"


def test_the_kept_bar_holds_nothing_of_another_reader(officer, client_of):
    first, second = officer(name="Lê Văn <Một>"), officer(name="Trần Thị Hai")
    for ctx, other in ((first, "Trần Thị Hai"), (second, "Lê Văn"), (first, "Trần Thị Hai")):
        html = client_of(ctx).get(reverse("ui:catalogue") + '?a="><b>').content.decode()
        assert other not in html
        assert "<Một>" not in html
        assert "[[" not in html
        assert '"><b>' not in html


def test_the_token_of_the_kept_bar_is_good(officer, client_of):
    client = client_of(officer())
    client.handler.enforce_csrf_checks = True
    html = client.get(reverse("ui:catalogue")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
    sent = {"theme": "dark", "csrfmiddlewaretoken": token, "next": "/ui/"}
    assert client.post(reverse("ui:set_preference"), sent).url == "/ui/"
    sent["csrfmiddlewaretoken"] = "x" * 64
    assert client.post(reverse("ui:set_preference"), sent).status_code == 403
