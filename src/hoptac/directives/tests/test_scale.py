"""5,000 documents, 300 agencies, 100,000 sendings: the lists stay quick."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from psycopg.types.range import DateRange

from hoptac.directives.models import Directive, DirectiveLink, Recipient
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.models import Agency

pytestmark = pytest.mark.slow
_DOCUMENTS, _AGENCIES, _EACH = 5000, 300, 20
_WORDS = "phát triển kinh tế tập thể hợp tác xã nông nghiệp nông thôn tổ chức thực hiện kế hoạch báo cáo rà soát hỗ trợ đào tạo cán bộ tín dụng đất đai hạ tầng".split()  # noqa: E501
_MOST_MS = 100


@pytest.fixture
def archive(units: Any) -> list[Agency]:
    """Fill the tables past the acts, as years of work would."""
    chance = random.Random(70)
    province, day = units.province(date(2026, 1, 1)), date(2026, 11, 1)
    agencies = Agency.objects.bulk_create(
        Agency(code=f"x-{n}", name=f"Sở Số {n}", short_name=f"Sở {n}", kind="department", unit=province,
               province_code="91", valid=DateRange(date(2010, 1, 1), None))
        for n in range(_AGENCIES)
    )  # fmt: skip
    documents = []
    for n in range(_DOCUMENTS):
        on = day - timedelta(days=chance.randrange(7000))
        words = " ".join(chance.choices(_WORDS, k=600))
        documents.append(
            Directive(
                province_code="91",
                chain=chance.choice(("party", "state")),
                level="province",
                kind=chance.choice(("plan", "conclusion", "decision", "programme")),
                number=str(n),
                symbol=f"{n}/KH-X",
                title=words[:200],
                issuer=agencies[n % _AGENCIES],
                issuer_name=f"Sở Số {n % _AGENCIES}",
                issued_on=on,
                in_force_on=on,
                text=words,
                reach="recipients" if n % 10 == 0 else "open",
            )
        )
    with pgtrigger.ignore():
        Directive.objects.bulk_create(documents, batch_size=500)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE directives_directive SET words = array_to_tsvector("
                "  array(SELECT DISTINCT w FROM unnest(string_to_array(lower(text || ' ' || number), ' ')) w"
                "        WHERE w <> ''))"
            )
        DirectiveLink.objects.bulk_create(
            (
                DirectiveLink(
                    source=d,
                    target=documents[chance.randrange(i)],
                    kind=chance.choice(("implements", "amends", "replaces")),
                )
                for i, d in enumerate(documents)
                if i
            ),
            batch_size=2000,
        )
        rows = []
        for d in documents:
            for agency in chance.sample(agencies, _EACH):
                due = day + timedelta(days=chance.randrange(-30, 60))
                said = chance.random() < 0.9
                rows.append(
                    Recipient(directive=d, agency=agency, sent_on=d.issued_on, acknowledge_by=due, make_by=due,
                              acknowledged_at=f"{day}T08:00+07:00" if said else None,
                              making="awaited" if chance.random() < 0.1 else "not_asked")
                )  # fmt: skip
        Recipient.objects.bulk_create(rows, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    scope.forget()
    return agencies


def test_the_lists_of_a_full_archive_are_quick(
    archive: list[Agency], officer: Callable, client_of: Callable
) -> None:
    desks = {
        "party": client_of(officer("party_office")),
        "agency": client_of(officer("sector_officer", agency=archive[0])),
    }
    one = Directive.objects.filter(chain="party").order_by("id")[1250]
    found = {}
    for who, address in (
        ("party", "/directives/"), ("agency", "/directives/"), ("party", "/directives/?page=60"),
        ("agency", "/directives/?q=tin dung dao tao"), ("agency", "/directives/?q=417"),
        ("party", "/directives/?standing=in_force"), ("party", "/directives/?standing=replaced&kind=plan"),
        ("agency", "/directives/?waits=late"), ("party", "/directives/sendings/?side=out&state=late"),
        ("agency", "/directives/sendings/"), ("party", f"/directives/{one.pk}/"),
        ("party", f"/directives/{one.pk}/distribute/"),
    ):  # fmt: skip
        client = desks[who]
        client.get(address)
        times = []
        for _turn in range(5):
            start = time.perf_counter()
            assert client.get(address).status_code == 200
            times.append((time.perf_counter() - start) * 1000)
        found[f"{who} {address}"] = round(min(times))
    print("\n".join(f"{ms:5} ms  {what}" for what, ms in found.items()))
    assert {what: ms for what, ms in found.items() if ms > _MOST_MS} == {}
