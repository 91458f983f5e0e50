"""The home page of each role."""

from __future__ import annotations

import pytest

from hoptac.jurisdiction.roles import role_choices


def test_home_tells_what_waits_and_how_the_territory_stands(province, client_of):
    page = client_of(province.other_district).get("/").content.decode()
    assert "Tân Hiệp" in page
    assert "lacks=few_members" not in page  # six members are enough since the Law of 2023
    assert "lacks=old_figures" in page
    assert "Nông nghiệp Tân Hiệp A" in page
    assert "Hoà An" not in page


@pytest.mark.parametrize("role", [code for code, _name in role_choices()])
def test_every_role_has_a_home(province, officer, client_of, role, django_assert_max_num_queries):
    client = client_of(officer(role))
    assert client.get("/").status_code == 200
    with django_assert_max_num_queries(12):
        client.get("/")


def test_a_director_finds_the_own_cooperative(province, officer, client_of):
    director = officer("cooperative_director", cooperative_id=province.hoa_an.pk)
    page = client_of(director).get("/").content.decode()
    assert f"/registry/{province.hoa_an.pk}/" in page
    assert "Tân Hiệp A" not in page


def test_home_asks_for_signing_in_and_a_mandate(db, client):
    from hoptac.foundation.accounts.models import User

    assert client.get("/").status_code == 302
    client.force_login(User.objects.create_user("moi", "mật khẩu đủ dài", full_name="Mới"))
    assert client.get("/")["Location"].endswith("/no-mandate/")


def test_figures_are_those_of_cooperatives_as_the_statistics_give_them(province, client_of):
    page = client_of(province.other_district).get("/").content.decode()
    assert "6 <span" in page
    assert (
        "26 <span" not in page
    )  # six members of the cooperative; the group's twenty are no members


def test_a_territory_of_groups_alone_shows_no_figures_of_cooperatives(province, officer, client_of):
    leader = officer("cooperative_director", cooperative_id=province.group.pk)
    page = client_of(leader).get("/").content.decode()
    assert "stat-unit" not in page


def test_home_follows_every_act_at_once(
    province, cooperative, client_of, django_assert_max_num_queries
):
    client = client_of(province.other_district)
    assert "Vừa thành lập" not in client.get("/").content.decode()
    cooperative(name="Hợp tác xã Vừa thành lập", district="Tân Hiệp", members=4321)
    with django_assert_max_num_queries(15):
        page = client.get("/").content.decode()
    assert "Vừa thành lập" in page
    assert "4.327 <span" in page
