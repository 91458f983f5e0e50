"""What readers read: one row for each stretch in which nothing about a body changed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.vietnamese import VIETNAMESE_LETTERS, fold
from hoptac.jurisdiction.ground import GroundQuerySet
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registry.names import search_words
from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState

LATEST = Q(is_latest=True)


class PeriodQuerySet(GroundQuerySet["Period"]):
    seen_with = "registry.view"

    def on(self, day: date, today: date) -> Self:
        """Keep each body's period of the day: today's are marked, past ones are searched."""
        return self.filter(LATEST) if day >= today else self.filter(valid__contains=day)

    def existing(self) -> Self:
        """Leave out bodies that have ended."""
        return self.exclude(legal_status=LegalStatus.ENDED)

    def matching(self, text: str, *, is_narrow: bool = False) -> Self:
        """Keep those in whose name, number, telephone or people each word asked begins a word.

        Marks, case and tone habits do not matter: ``hop tac xa hoa an`` finds ``Hợp tác xã Hoà
        An``. The words of a whole province are found by their index; in a narrow territory it is
        quicker to look through all of it (``period_in_commune`` holds the folded text).
        """
        words = search_words(text)
        if not words:
            return self
        if is_narrow:
            return self.extra(  # type: ignore[return-value]  # noqa: S610  (words are letters and digits only)
                where=["' ' || registry_period.fold LIKE %s"] * len(words),
                params=[f"% {w}%" for w in words],
            )
        return self.extra(  # type: ignore[return-value]  # noqa: S610  (words are letters and digits only)
            where=[f"{_WORDS_OF.format('registry_period.fold')} @@ %s::tsquery"],
            params=[" & ".join(f"{w}:*" for w in words)],
        )

    def named(self, text: str) -> Self:
        """Of those :meth:`matching`, keep the ones whose name or number alone holds the words.

        For readers who may not see people and telephones, so that they cannot find them either.
        """
        words = search_words(text)
        if not words:
            return self
        return self.extra(  # type: ignore[return-value]  # noqa: S610  (words are letters and digits only)
            where=[f"{_WORDS_OF.format(_NAME_FOLDED)} @@ %s::tsquery"],
            params=[_MARKED, _PLAIN, " & ".join(f"{w}:*" for w in words)],
        )


_WORDS_OF = "array_to_tsvector(string_to_array({}, ' '))"
# The folded name and number, worked out by the database for the few rows that already match.
_PLAIN = "".join(fold(c) for c in VIETNAMESE_LETTERS)
_MARKED = VIETNAMESE_LETTERS
_NAME_FOLDED = (
    "btrim(regexp_replace(translate(lower(registry_period.name || ' ' || "
    "registry_period.registration_number), %s, %s), '[^0-9a-z]+', ' ', 'g'))"
)


class WordsOf(models.Func):
    """The words of a folded text as a search vector; each word a lexeme, nothing left out."""

    template = _WORDS_OF.format("%(expressions)s")


class Period(models.Model):
    """Projection of particulars and figures, rebuilt by ``registry.projection`` inside each act."""

    id = models.BigAutoField(primary_key=True)
    cooperative = models.ForeignKey(
        "registry.Cooperative", models.CASCADE, related_name="periods", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    valid = DateRangeField(_("in effect"))
    is_latest = models.BooleanField()
    province_code = models.CharField(max_length=4)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=250)
    registration_number = models.CharField(_("registration number"), max_length=14, blank=True)
    sector = models.CharField(_("sector"), max_length=14, choices=Sector, blank=True)
    activity = models.CharField(_("main activity"), max_length=400, blank=True)
    commune = models.ForeignKey(
        AdminUnit, models.PROTECT, null=True, verbose_name=_("commune"), related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    address = models.CharField(_("address"), max_length=300, blank=True)
    established_on = models.DateField(_("established on"), null=True)
    established_precision = models.CharField(max_length=5, default="day")
    legal_era = models.CharField(_("registered under"), max_length=12, choices=LegalEra)
    legal_status = models.CharField(_("legal status"), max_length=15, choices=LegalStatus)
    working_state = models.CharField(_("working state"), max_length=20, choices=WorkingState)
    chairman = models.CharField(_("chairman"), max_length=120, blank=True)
    director = models.CharField(_("director"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    charter_capital = models.BigIntegerField(_("charter capital (dong)"), null=True)
    charter_capital_as_of = models.DateField(null=True)
    area = models.DecimalField(
        _("cultivated area (ha)"), max_digits=12, decimal_places=2, null=True
    )
    area_as_of = models.DateField(null=True)
    members = models.IntegerField(_("members"), null=True)
    members_as_of = models.DateField(null=True)
    workers = models.IntegerField(_("workers"), null=True)
    workers_as_of = models.DateField(null=True)
    particulars_id = models.BigIntegerField()
    fold = models.CharField(max_length=800)
    sort_key = models.CharField(max_length=400, db_collation="C")

    objects: ClassVar = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ("sort_key", "cooperative_id")
        indexes = (
            models.Index(fields=("cooperative", "valid"), name="period_of"),
            # Holds all that the list searches, keeps and counts by: a district's list reads nothing
            # else, whatever the length of the history.
            models.Index(
                fields=("commune", "sort_key"),
                name="period_in_commune",
                condition=LATEST,
                include=(
                    "id",
                    "kind",
                    "legal_status",
                    "sector",
                    "working_state",
                    "legal_era",
                    "members",
                    "members_as_of",
                    "charter_capital",
                    "established_on",
                    "registration_number",
                    "fold",
                ),
            ),
            models.Index(fields=("kind", "sort_key"), name="period_sorted", condition=LATEST),
            GinIndex(WordsOf("fold"), name="period_words", condition=LATEST),
        )

    def __str__(self) -> str:
        return self.name
