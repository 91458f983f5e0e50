"""The roll-up follows the register by itself, and going astray is noticed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from hoptac.foundation.findings import Refused
from hoptac.registry.models import Period
from hoptac.registry.projection import rebuild_all_periods
from hoptac.statistics import selectors
from hoptac.statistics.models import YearStretch
from hoptac.statistics.roll_up import compact, has_gone_astray, rebuild
from hoptac.statistics.selectors import tabulate
from hoptac.statistics.tasks import fold_roll_up

YEARS = range(2014, 2024)
CODES = ["bodies", "charter_capital", "area", "members", "workers", "with_figures"]


def series(ctx) -> list[list[object]]:
    selectors._kept_counts.clear()
    table = tabulate(ctx, CODES, "sector", "year", years=YEARS)
    return [[table.value(i, r, c) for c in table.columns] for i in table.indicators
            for r in (*table.rows, None)]  # fmt: skip


def day_by_day(ctx) -> list[list[object]]:
    tables = [tabulate(ctx, CODES, "sector", as_of=date(y, 12, 31)) for y in YEARS]
    return [[t.value(i, r) for t in tables] for i in tables[0].indicators
            for r in (*tables[0].rows, None)]  # fmt: skip


def test_a_series_says_what_each_day_says(province):
    assert series(province.department) == day_by_day(province.department)
    assert series(province.district) == day_by_day(province.district)


def test_folding_and_rebuilding_change_no_figure(province, the_system):
    found = series(the_system)
    many = YearStretch.objects.count()
    assert not has_gone_astray()
    assert compact() < many
    assert not has_gone_astray()
    assert series(the_system) == found
    rebuild()
    assert series(the_system) == found


def test_the_roll_up_follows_every_way_of_writing(province, the_system):
    found = series(the_system)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_period SET sector = 'trade' WHERE sector = 'credit'")
        assert series(the_system) == day_by_day(the_system) != found
        cursor.execute("DELETE FROM registry_period WHERE kind = 'group'")
        assert series(the_system) == day_by_day(the_system)
    rebuild_all_periods()
    assert series(the_system) == found


def test_a_roll_up_gone_astray_is_refused(province, the_system):
    series(the_system)
    stray = YearStretch.objects.filter(last_year=None, kind="cooperative").first()
    stray.pk = None
    stray.save()
    assert has_gone_astray()
    with pytest.raises(Refused) as refused:
        series(the_system)
    assert refused.value.codes == {"does_not_add_up"}
    assert Period.objects.exists()
    fold_roll_up(timestamp=0)
    assert not has_gone_astray()
    series(the_system)
