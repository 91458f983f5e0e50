"""Agencies and their successions as facts that wait to be held against a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.rulebook import fingerprint
from hoptac.foundation.rulebook.facts import Fact, Value, plain
from hoptac.jurisdiction import scope
from hoptac.jurisdiction.models import Agency, AgencySuccession
from hoptac.jurisdiction.terms import Level

_AGENCY, _SUCCESSION = "agency:", "succession:"


class Agencies:
    """Every agency ever, and every passing of duties from one to another."""

    def groups(self) -> Mapping[str, Any]:
        return {
            "agencies": _("Agencies of the province"),
            "offices": _("Offices of districts and communes"),
            "successions": _("Successions of agencies"),
        }

    def facts(self) -> Iterator[Fact]:
        for agency in Agency.objects.select_related("unit").order_by("kind", "name", "code"):
            yield _agency(agency)
        links = AgencySuccession.objects.select_related("predecessor", "successor")
        for link in links.order_by("predecessor__kind", "predecessor__name", "successor__name"):
            yield _succession(link)

    def settle(self, key: str, values: Mapping[str, Any], *, is_confirmed: bool) -> None:
        """Write what was decided into the row of the agency or the succession."""
        if key.startswith(_AGENCY):
            agency = Agency.objects.select_for_update().get(code=key.removeprefix(_AGENCY))
            begin, end = agency.valid.lower, agency.valid.upper
            new = dict(values)
            agency.valid = DateRange(new.pop("begin", begin), new.pop("end", end))
            for name, value in new.items():
                setattr(agency, name, value)
            agency.is_confirmed = is_confirmed
            agency.save()
        elif key.startswith(_SUCCESSION):
            before, after = key.removeprefix(_SUCCESSION).split(">")
            link = AgencySuccession.objects.select_for_update().get(
                predecessor__code=before, successor__code=after
            )
            for name, value in values.items():
                setattr(link, name, value)
            link.is_confirmed = is_confirmed
            link.save()
        scope.forget()


def agency_key(agency: Agency) -> str:
    return f"{_AGENCY}{agency.code}"


def _agency(agency: Agency) -> Fact:
    values = (
        Value("name", gettext("Name"), agency.name),
        Value("short_name", gettext("Short name"), agency.short_name),
        Value("begin", gettext("First day"), _known(agency.valid.lower)),
        Value("end", gettext("Ended on (no longer on this day)"), agency.valid.upper),
        Value("kind", gettext("Kind"), agency.get_kind_display(), can_correct=False),
        Value("unit", gettext("Area"), agency.unit.heading, can_correct=False),
    )
    source, mark = seen_in(agency.source)
    return Fact(
        key=agency_key(agency),
        group="agencies" if agency.unit.level == Level.PROVINCE else "offices",
        title=agency.name,
        values=values,
        basis="",
        fingerprint=_fingerprint(values[:4]),
        source=source,
        mark=mark,
        note=agency.note,
        is_confirmed=agency.is_confirmed,
        href=reverse("places:agency", args=[agency.pk]),
    )


def _succession(link: AgencySuccession) -> Fact:
    values = (
        Value("on", gettext("Day"), link.on),
        Value("legal_basis", gettext("Legal basis"), link.legal_basis),
    )
    source, mark = seen_in(link.predecessor.source)
    return Fact(
        key=f"{_SUCCESSION}{link.predecessor.code}>{link.successor.code}",
        group="successions",
        title=f"{link.predecessor.name} → {link.successor.name}",
        values=values,
        basis=link.legal_basis,
        fingerprint=_fingerprint(values),
        source=source,
        mark=mark,
        is_confirmed=link.is_confirmed,
        href=reverse("places:agency", args=[link.predecessor.pk]),
    )


def _known(day: date | None) -> date | None:
    return day if day and day.year > 1900 else None


def _fingerprint(values: tuple[Value, ...]) -> str:
    return fingerprint({v.name: plain(v.value) for v in values})


# How whoever wrote it down came to know it, by the mark behind the source.
_KNOWN_HOW = {
    "S": _("read in a document"),
    "K": _("known, not read in a document"),
    "I": _("concluded from others"),
}


def seen_in(source: str) -> tuple[str, str]:
    """Return where a fact was seen, and in words what the mark behind it (``… [K confident]``) tells."""
    seen, _bracket, mark = source.partition(" [")
    return seen, str(_KNOWN_HOW.get(mark[:1], mark.rstrip("]")))
