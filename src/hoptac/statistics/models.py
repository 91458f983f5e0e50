"""The roll-up that series of years are read from."""

from __future__ import annotations

from django.db import models

from hoptac.registry.terms import Kind, LegalEra, LegalStatus, Sector, WorkingState


class YearStretch(models.Model):
    """Sums over the periods alike in every way that tables divide by, and in the ends of their time.

    A row counts for the 31 December of every year from ``first_year`` to ``last_year`` (or on).
    Triggers of ``registry_period`` add rows, with negative sums for periods taken away, so that no
    act waits for another; :func:`hoptac.statistics.roll_up.compact` folds them together.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind)
    province_code = models.CharField(max_length=4)
    commune_id = models.UUIDField(null=True)
    sector = models.CharField(max_length=14, choices=Sector, blank=True)
    legal_status = models.CharField(max_length=15, choices=LegalStatus)
    working_state = models.CharField(max_length=20, choices=WorkingState)
    legal_era = models.CharField(max_length=12, choices=LegalEra)
    first_year = models.IntegerField()
    last_year = models.IntegerField(null=True)
    bodies = models.IntegerField()
    charter_capital = models.DecimalField(max_digits=24, decimal_places=0, default=0)
    area = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    members = models.BigIntegerField(default=0)
    workers = models.BigIntegerField(default=0)
    with_charter_capital = models.IntegerField(default=0)
    with_area = models.IntegerField(default=0)
    with_members = models.IntegerField(default=0)
    with_workers = models.IntegerField(default=0)
    with_any = models.IntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=("commune_id",), name="stretch_in_commune"),)
