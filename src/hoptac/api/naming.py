"""Finding what a body names by its id; an id that names nothing the caller may use is told, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hoptac.api.problem import Problem
from hoptac.directives.models import Directive
from hoptac.directives.selectors import directive_seen
from hoptac.foundation.access import Context
from hoptac.jurisdiction.models import AdminUnit, Agency
from hoptac.tasks.models import Task
from hoptac.tasks.selectors import task_seen


def unknown(field: str, message: str) -> Problem:
    """Return the refusal of an id that names nothing."""
    return Problem(422, findings=[{"code": "unknown", "field": field, "message": message}])


def agency(ctx: Context, pk: UUID, field: str) -> Agency:
    """Return an agency of the caller's provinces.

    :raises Problem: 422 where there is none
    """
    found = _agencies(ctx).filter(pk=pk).first()
    if found is None:
        raise unknown(field, _("There is no such agency."))
    return found


def agencies(ctx: Context, ids: Iterable[UUID], field: str) -> list[Agency]:
    """Return agencies of the caller's provinces, in the order asked for.

    :raises Problem: 422 where one of them is none
    """
    wanted = list(dict.fromkeys(ids))
    known = _agencies(ctx).in_bulk(wanted)
    if len(known) < len(wanted):
        raise unknown(field, _("There is no such agency."))
    return [known[pk] for pk in wanted]


def _agencies(ctx: Context) -> QuerySet[Agency]:
    provinces = {g.province_code for g in ctx.grants}
    found: QuerySet[Agency] = Agency.objects.select_related("unit")
    return found if "*" in provinces else found.filter(province_code__in=sorted(provinces))


def directive(ctx: Context, pk: UUID | None, field: str = "directive_id") -> Directive | None:
    """Return a document that the caller may read; nothing where none is named.

    :raises Problem: 422 where there is none
    """
    return _named(pk, directive_seen, ctx, field, _("There is no such document."))


def task(ctx: Context, pk: UUID | None, field: str) -> Task | None:
    """Return a task that the caller may see; nothing where none is named.

    :raises Problem: 422 where there is none
    """
    return _named(pk, task_seen, ctx, field, _("There is no such task."))


def unit(pk: UUID | None, field: str = "unit_id") -> AdminUnit | None:
    """Return an administrative unit; nothing where none is named.

    :raises Problem: 422 where there is none
    """
    if pk is None:
        return None
    found = AdminUnit.objects.filter(pk=pk).first()
    if found is None:
        raise unknown(field, _("There is no such unit."))
    return found


def _named(pk: UUID | None, find: Any, ctx: Context, field: str, message: str) -> Any:
    if pk is None:
        return None
    found = find(ctx, pk)
    if found is None:
        raise unknown(field, message)
    return found
