"""The last number given of each series."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hoptac.foundation.audit.triggers import refused


class Counter(models.Model):
    """A series and the last number taken from it; :func:`hoptac.foundation.numbering.take` moves it."""

    series = models.CharField(_("series"), max_length=120, primary_key=True)
    last = models.BigIntegerField(_("last number"))

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        ordering = ("series",)
        triggers = (
            *refused("counter", "dt"),
            pgtrigger.Trigger(
                name="counter_begins_at_one",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=~pgtrigger.Q(new__last=1),
                func="RAISE EXCEPTION 'series % must begin at 1', NEW.series;",
            ),
            pgtrigger.Trigger(
                name="counter_moves_by_one",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.series <> OLD.series OR NEW.last <> OLD.last + 1 THEN
                        RAISE EXCEPTION 'series % moves by one', OLD.series;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
