"""The fixtures that other tests stand on."""

from __future__ import annotations

from datetime import date

import pytest

from hoptac.registry.models import Cooperative
from hoptac.registry.selectors import register_on


def test_the_province_is_seen_by_its_officers(province):
    then = date(2019, 12, 31)
    assert register_on(province.department, then).count() == 5
    assert register_on(province.district, then).count() == 3
    assert register_on(province.other_district, then).count() == 2


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_leaves_nothing_but_the_units(units, cooperative, time):
    assert Cooperative.objects.count() == 0
    cooperative(name="Hợp tác xã Một")
    assert Cooperative.objects.count() == 1
    assert units.district("Rạch Giá").code == "899"
