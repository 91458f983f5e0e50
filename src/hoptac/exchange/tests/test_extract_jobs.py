"""An extract is compared away from the page: with progress, stopped by hand, taken up after a kill."""

from __future__ import annotations

import json
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from hoptac.exchange import bringing, tasks
from hoptac.exchange.actions import compare_again, stop_extract
from hoptac.exchange.models import Difference, Extract
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused

DAY = date(2026, 1, 31)


@pytest.fixture
def extract_of(tmp_path: Path) -> Any:
    def make(ctx: Any, records: Any = None, **more: Any) -> Extract:
        path = tmp_path / "trich.json"
        said = records or [{"code": "1709551552", "address": "ấp Của Họ"}]
        path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        return bringing.keep(ctx, path, filename=path.name, **{"as_of": DAY, **more})[0]

    return make


def test_nothing_is_read_until_the_worker_comes_and_each_step_is_told(
    province: Any, extract_of: Any
) -> None:
    extract = extract_of(province.department)
    assert (extract.state, Difference.objects.count()) == ("waiting", 0)
    heard: list[tuple[str, int]] = []
    done = bringing.compare(
        province.department, extract, say=lambda step, percent: heard.append((step, percent))
    )
    assert (done.state, done.progress, done.counts["differences"]) == ("ready", 100, 1)
    assert [s for s, _n in heard][:3] == ["reading", "matching", "comparing"]
    assert [n for _s, n in heard] == sorted(n for _s, n in heard)
    names = list(Act.objects.order_by("number").values_list("name", flat=True))[-2:]
    assert names == ["exchange.bring_in_extract", "exchange.compare_extract"]


@pytest.mark.django_db(transaction=True)
def test_stopped_in_the_middle_nothing_of_it_is_kept(the_system: Any, extract_of: Any) -> None:
    extract = extract_of(the_system, records=[{"name": "Hợp tác xã Lạ", "code": "1700000013"}])

    def stop() -> None:
        try:
            stop_extract(the_system, Extract.objects.get(pk=extract.pk))
        finally:
            connections["default"].close()

    def say(step: str, percent: int) -> None:
        if step == "dating":
            thread = threading.Thread(target=stop)  # somebody else's page, its own connection
            thread.start()
            thread.join(10)

    done = bringing.compare(the_system, extract, say=say)
    assert (done.state, Difference.objects.count()) == ("stopped", 0)
    with pytest.raises(Refused) as refused:
        stop_extract(the_system, done)
    assert "comparison_over" in refused.value.codes
    assert bringing.compare(the_system, done).state == "stopped"
    again = compare_again(the_system, done)
    assert bringing.compare(the_system, again).state == "ready"
    assert Difference.objects.count() == 1
    with pytest.raises(Refused):
        compare_again(the_system, compare_again(the_system, done))


def test_only_ones_own_extract_is_stopped(province: Any, extract_of: Any) -> None:
    extract = extract_of(province.district)
    with pytest.raises(OutOfReach):
        stop_extract(province.other_district, extract)
    stop_extract(province.department, extract)  # who sees all of the province may


def test_what_breaks_is_begun_anew_and_what_cannot_be_read_says_why(
    province: Any, extract_of: Any
) -> None:
    extract = extract_of(province.department)

    def say(step: str, percent: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        bringing.compare(province.department, extract, say=say)
    extract.refresh_from_db()
    assert extract.state == "waiting"
    other = extract_of(province.department, records=[{"x": 1}])
    with pytest.raises(Refused):
        bringing.compare(province.department, other)
    other.refresh_from_db()
    assert (other.state, other.refusal[:3] != "") == ("refused", True)


@pytest.mark.django_db(transaction=True)
def test_an_extract_whose_worker_was_killed_is_found_by_its_free_lock(
    the_system: Any, extract_of: Any
) -> None:
    extract = extract_of(the_system)
    Extract.objects.filter(pk=extract.pk).update(
        state="comparing", created_at=timezone.now() - timedelta(minutes=5)
    )
    with bringing.Watched(extract.pk) as worker:
        assert worker.is_mine()
        worker.say("matching", 30)
        extract.refresh_from_db()
        assert (extract.step, extract.progress) == ("matching", 30)
        assert not bringing.is_left_alone(extract)
        assert tasks.take_up_left_alone() == 0
    until = time.monotonic() + 10  # the database notices a closed connection a moment later
    while not bringing.is_left_alone(extract):
        assert time.monotonic() < until, "the lock outlived its holder"
        time.sleep(0.05)
    assert tasks.take_up_left_alone() == 1
    assert tasks.take_up_left_alone() == 0, "queued twice"
    tasks.compare(extract_id=str(extract.pk))
    extract.refresh_from_db()
    assert extract.state == "ready"
    connections["default"].ensure_connection()


@pytest.mark.django_db(transaction=True)
def test_the_worker_hears_that_it_was_stopped(the_system: Any, extract_of: Any) -> None:
    extract = extract_of(the_system)
    with bringing.Watched(extract.pk) as worker:
        Extract.objects.filter(pk=extract.pk).update(state="stopped")
        with pytest.raises(bringing.Stopped):
            worker.say("matching", 100)


def test_the_page_shows_how_far_it_is_and_lets_it_be_stopped(
    province: Any, extract_of: Any, client_of: Any
) -> None:
    extract = extract_of(province.department)
    Extract.objects.filter(pk=extract.pk).update(state="comparing", step="matching", progress=30)
    client = client_of(province.department)
    page = reverse("exchange:extract", args=[extract.pk])
    shown = client.get(page).content.decode()
    assert "30 %" in shown
    assert 'http-equiv="refresh"' in shown
    client.post(reverse("exchange:stop", args=[extract.pk]))
    extract.refresh_from_db()
    assert extract.state == "stopped"
    assert "http-equiv" not in client.get(page).content.decode()
    client.post(reverse("exchange:compare_again", args=[extract.pk]))
    extract.refresh_from_db()
    assert extract.state == "waiting"
    assert client_of(province.other_district).get(page).status_code == 404
    assert client_of(province.other_district).post(
        reverse("exchange:stop", args=[extract.pk])
    ).status_code == 404  # fmt: skip
