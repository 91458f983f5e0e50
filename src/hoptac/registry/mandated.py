"""What the apps below ask of the register: names and pages of the bodies that mandates name."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from hoptac.registry.models import Period


def bodies_named(keys: set[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return the present name and the page of each body."""
    rows = Period.objects.filter(cooperative__in=keys, is_latest=True)
    return {
        pk: (name, reverse("registry:record", args=[pk]))
        for pk, name in rows.values_list("cooperative_id", "name")
    }
