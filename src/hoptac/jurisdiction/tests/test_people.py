"""Administering people: who may act upon whom, what each act does, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from hoptac.foundation.accounts import acts
from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.actions import end_mandate, give_mandate
from hoptac.jurisdiction.models import Mandate

SINCE = date(2026, 1, 1)


@pytest.fixture
def administrator(officer: Callable) -> Any:
    return officer("administrator", name="Trần Quản Trị")


@pytest.fixture
def local_administrator(officer: Callable, units: Any) -> Any:
    return officer("administrator", unit=units.commune("Rạch Giá", on=SINCE))


@pytest.fixture
def desk(administrator: Any, client_of: Callable) -> Client:
    return client_of(administrator)


# --- Acts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["department_officer", "auditor", "cooperative_director"])
def test_only_administrators_act_upon_accounts(role: str, officer: Callable) -> None:
    ctx, user = officer(role), officer().user
    for act in (acts.disable_user, acts.enable_user, acts.reset_password, acts.unlock_user,
                acts.reset_second_factor, acts.end_sessions):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act(ctx, user)
    with pytest.raises(PermissionDenied):
        give_mandate(ctx, user, role="administrator", from_on=SINCE)


def test_an_administrator_of_a_commune_stays_within_it(
    local_administrator: Any, administrator: Any, officer: Callable, units: Any
) -> None:
    above, beside = officer().user, officer(unit=units.commune("An Biên", on=SINCE)).user
    below = officer("registration_officer", unit=units.commune("Rạch Giá", on=SINCE)).user
    for user in (above, beside, administrator.user):
        with pytest.raises(OutOfReach):
            acts.reset_password(local_administrator, user)
    assert acts.reset_password(local_administrator, below)
    newcomer, _password = acts.create_user(local_administrator, username="moi", full_name="Mới")
    for place in (units.province(SINCE), units.commune("An Biên", on=SINCE)):
        with pytest.raises(OutOfReach):
            give_mandate(
                local_administrator, newcomer, role="administrator", from_on=SINCE, unit=place
            )
    with pytest.raises(OutOfReach):
        give_mandate(local_administrator, newcomer, role="auditor", from_on=SINCE)
    given = give_mandate(
        local_administrator, newcomer, role="auditor", from_on=SINCE,
        unit=units.commune("Rạch Giá", on=SINCE),
    )  # fmt: skip
    with pytest.raises(OutOfReach):
        end_mandate(local_administrator, above.mandates.get(), last_on=SINCE)
    assert end_mandate(local_administrator, given, last_on=SINCE).last_on == SINCE


def test_nobody_raises_or_keeps_the_own_powers(administrator: Any) -> None:
    own = administrator.user
    with pytest.raises(Refused) as refused:
        give_mandate(administrator, own, role="registration_officer", from_on=SINCE)
    assert refused.value.codes == {"own_mandate"}
    with pytest.raises(Refused):
        end_mandate(administrator, own.mandates.get(), last_on=SINCE)
    for act in (acts.disable_user, acts.reset_password, acts.reset_second_factor):
        with pytest.raises(Refused):
            act(administrator, own)


def test_a_mandate_is_given_once_and_ends_once(
    the_system: Any, officer: Callable, units: Any
) -> None:
    user = officer("auditor").user
    with pytest.raises(Refused) as refused:
        give_mandate(the_system, user, role="auditor", from_on=SINCE, unit=units.province(SINCE))
    assert refused.value.codes == {"mandate_held"}
    mandate = end_mandate(the_system, user.mandates.get(), last_on=SINCE)
    with pytest.raises(Refused) as refused:
        end_mandate(the_system, mandate, last_on=date(2026, 6, 1))
    assert refused.value.codes == {"ended_already"}


def test_what_changes_a_mandate_ends_the_persons_sessions(
    the_system: Any, officer: Callable, client_of: Callable, units: Any
) -> None:
    ctx = officer("department_officer")
    browser = client_of(ctx)
    give_mandate(the_system, ctx.user, role="auditor", from_on=SINCE, unit=units.province(SINCE))
    assert browser.get("/")["Location"].startswith(reverse("account_login"))
    browser = client_of(ctx.by(user=User.objects.get(pk=ctx.user.pk)))
    assert browser.get("/").status_code == 200
    end_mandate(the_system, ctx.user.mandates.get(role="auditor"), last_on=SINCE)
    assert browser.get("/")["Location"].startswith(reverse("account_login"))


def test_an_agencys_unit_is_the_mandates(the_system: Any, officer: Callable, units: Any) -> None:
    from hoptac.jurisdiction.actions import load_agencies
    from hoptac.jurisdiction.models import Agency

    load_agencies(the_system)
    office = Agency.objects.get(code="kt-30742")
    user, _password = acts.create_user(the_system, username="moi", full_name="Mới")
    given = give_mandate(
        the_system, user, role="registration_officer", from_on=SINCE, agency=office
    )
    assert given.unit == office.unit


# --- Pages --------------------------------------------------------------------------------------

PAGES = [
    ("people:list", ()), ("people:create", ()), ("people:person", ("user",)),
    ("people:change", ("user",)), ("people:give_mandate", ("user",)),
    ("people:end_mandate", ("user", "mandate")), ("people:act", ("user", "close")),
]  # fmt: skip


def address(name: str, parts: tuple[str, ...], user: User) -> str:
    known = {"user": user.pk, "mandate": user.mandates.first().pk}
    return reverse(name, args=[known.get(p, p) for p in parts])


@pytest.mark.parametrize(("name", "parts"), PAGES)
def test_pages_of_people_open_to_administrators_only(
    name: str, parts: tuple[str, ...], officer: Callable, client_of: Callable,
    administrator: Any, local_administrator: Any,
) -> None:  # fmt: skip
    user = officer().user
    page = address(name, parts, user)
    assert client_of(administrator).get(page).status_code == 200
    for role in ("department_officer", "auditor", "cooperative_director"):
        browser = client_of(officer(role))
        assert browser.get(page).status_code == 403, role
        assert browser.post(page, {"reason": "x"}).status_code == 403, role
    assert Client().get(page).status_code == 302
    if "user" in parts:
        assert client_of(local_administrator).get(page).status_code == 404


@pytest.mark.parametrize(
    ("name", "parts"), [p for p in PAGES if p[0] not in ("people:list", "people:person")]
)
def test_pages_that_change_people_ask_who_it_is(
    name: str, parts: tuple[str, ...], officer: Callable, desk: Client
) -> None:
    session = desk.session
    session["confirmed_at"] = 0
    session.save()
    page = address(name, parts, officer().user)
    for answer in (desk.get(page), desk.post(page, {"reason": "x"})):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_a_new_account_from_the_form_to_the_first_sign_in(
    desk: Client, units: Any, settings: Any
) -> None:
    told = {"username": "Le.Van.Ba", "full_name": "Lê Văn Ba", "job_title": "Chuyên viên"}
    wrong = desk.post(reverse("people:create"), {**told, "username": "lê văn"})
    assert wrong.status_code == 422
    made = desk.post(reverse("people:create"), told)
    password = made.context["password"]
    user = User.objects.get(username="le.van.ba")
    assert Act.objects.get(name="accounts.create_user").subject_id == str(user.pk)
    assert desk.post(reverse("people:create"), told).status_code == 422
    commune = units.commune("Rạch Giá", on=SINCE)
    mandate = {
        "role": "registration_officer", "unit": str(commune.pk), "from_on": "01/01/2026",
        "basis": "Quyết định 12/QĐ-UBND ngày 02/01/2026",
    }  # fmt: skip
    answer = desk.post(reverse("people:give_mandate", args=[user.pk]), mandate)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Mandate.objects.get(user=user).unit == commune
    assert Mandate.objects.get(user=user).valid.lower == SINCE
    browser = Client()
    sent = {"login": "le.van.ba", "password": password}
    assert browser.post(reverse("account_login"), sent).status_code == 302
    assert browser.get("/")["Location"] == reverse("account_change_password")


@pytest.mark.parametrize(
    ("missing", "field"),
    [({"basis": ""}, "basis"), ({"unit": ""}, "unit"), ({"role": ""}, "role"),
     ({"until_on": "01/01/2020"}, "until_on"), ({"role": "cooperative_director"}, "cooperative")],
)  # fmt: skip
def test_a_mandate_form_says_what_is_missing(
    missing: dict[str, str], field: str, desk: Client, officer: Callable, units: Any
) -> None:
    told = {
        "role": "auditor", "unit": str(units.commune("Rạch Giá", on=SINCE).pk),
        "from_on": "01/01/2026", "basis": "Quyết định 12", **missing,
    }  # fmt: skip
    answer = desk.post(reverse("people:give_mandate", args=[officer().user.pk]), told)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_ending_a_mandate_on_screen(desk: Client, officer: Callable) -> None:
    user = officer().user
    mandate = user.mandates.get()
    page = reverse("people:end_mandate", args=[user.pk, mandate.pk])
    told = {"last_on": "31/10/2026", "reason": "Chuyển công tác, QĐ 40"}
    assert desk.post(page, told).status_code == 302
    mandate.refresh_from_db()
    assert mandate.last_on == date(2026, 10, 31)
    act = Act.objects.select_related("payload").get(name="jurisdiction.end_mandate")
    assert act.payload.content["reason"] == "Chuyển công tác, QĐ 40"
    other = officer().user
    assert desk.get(reverse("people:end_mandate", args=[other.pk, mandate.pk])).status_code == 404


def test_every_act_upon_an_account_from_its_page(
    desk: Client, officer: Callable, client_of: Callable
) -> None:
    ctx = officer()
    user = ctx.user
    client_of(ctx)

    def do(act: str) -> Any:
        return desk.post(reverse("people:act", args=[user.pk, act]), {"reason": "Theo đề nghị"})

    assert desk.post(reverse("people:act", args=[user.pk, "close"])).status_code == 422, "no reason"
    assert do("end-sessions").status_code == 302
    assert not Session.objects.filter(user=user).exists()
    assert do("close").status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert do("open").status_code == 302
    assert User.objects.get(pk=user.pk).is_active
    assert do("unlock").status_code == 302
    assert do("reset-second-factor").status_code == 302
    shown = do("reset-password")
    assert shown.status_code == 200
    assert User.objects.get(pk=user.pk).check_password(shown.context["password"])
    assert not Act.objects.filter(payload__content__icontains=shown.context["password"]).exists()
    assert desk.get(reverse("people:act", args=[user.pk, "promote"])).status_code == 404
    page = desk.get(reverse("people:person", args=[user.pk]))
    assert len(page.context["history"]) == 7


def test_the_list_finds_by_name_role_place_and_state(
    desk: Client, officer: Callable, units: Any, the_system: Any
) -> None:
    commune = units.commune("Rạch Giá", on=SINCE)
    officer("registration_officer", name="Huỳnh Thị Đẹp", unit=commune)
    acts.create_user(the_system, username="chua.co", full_name="Chưa Có Phân Công")
    acts.disable_user(the_system, officer(name="Đã Nghỉ").user)

    def names(**asked: Any) -> list[str]:
        page = desk.get(reverse("people:list"), asked)
        return [u.full_name for u, _desks in page.context["rows"]]

    assert len(names()) == 4
    assert names(q="huynh dep") == ["Huỳnh Thị Đẹp"]
    assert names(role="registration_officer") == ["Huỳnh Thị Đẹp"]
    assert names(unit=str(commune.pk)) == ["Huỳnh Thị Đẹp"]
    assert names(state="no_mandate") == ["Chưa Có Phân Công"]
    assert names(state="closed") == ["Đã Nghỉ"]
    assert names(q="không ai") == []
    assert names(unit="nonsense", page="x") == names()


def test_a_local_administrator_sees_only_people_within_reach(
    local_administrator: Any, client_of: Callable, officer: Callable, units: Any
) -> None:
    officer(name="Của Tỉnh")
    officer(name="Xã Bên", unit=units.commune("An Biên", on=SINCE))
    officer("registration_officer", name="Xã Này", unit=units.commune("Rạch Giá", on=SINCE))
    page = client_of(local_administrator).get(reverse("people:list"))
    names = {u.full_name for u, _desks in page.context["rows"]}
    assert "Xã Này" in names
    assert not names & {"Của Tỉnh", "Xã Bên"}


def test_pages_cost_a_fixed_number_of_queries(
    desk: Client, officer: Callable, django_assert_max_num_queries: Any
) -> None:
    for _n in range(12):
        user = officer().user
    desk.get(reverse("people:list"))
    with django_assert_max_num_queries(7):
        assert desk.get(reverse("people:list")).status_code == 200
    with django_assert_max_num_queries(12):
        assert desk.get(reverse("people:person", args=[user.pk])).status_code == 200


def test_demonstration_accounts_are_closed_from_the_list(desk: Client, officer: Callable) -> None:
    shown = officer().user
    User.objects.filter(pk=shown.pk).update(is_demo=True)
    page = reverse("people:close_demonstration")
    assert page in desk.get(reverse("people:list")).content.decode()
    assert desk.post(page, {"reason": "Bắt đầu làm thật"}).status_code == 302
    assert not User.objects.get(pk=shown.pk).is_active
    assert page not in desk.get(reverse("people:list")).content.decode()


def test_the_first_administrator_is_made_by_command(
    db: None, officer: Callable, capsys: pytest.CaptureFixture
) -> None:
    from django.core.management import CommandError, call_command

    shown = officer().user
    User.objects.filter(pk=shown.pk).update(is_demo=True)
    call_command("create_administrator", "quan.tri", "Lê Quản Trị", basis="QĐ 1")
    told = capsys.readouterr()
    assert "demonstration accounts are open" in told.err
    password = told.out.rsplit(": ", 1)[1].strip()
    user = User.objects.get(username="quan.tri")
    assert user.check_password(password)
    assert user.mandates.get().role == "administrator"
    with pytest.raises(CommandError):
        call_command("create_administrator", "quan.tri", "Lê Quản Trị")
    call_command("create_administrator", "quan.tri2", "Lê Hai", close_demonstration=True)
    assert not User.objects.get(pk=shown.pk).is_active
