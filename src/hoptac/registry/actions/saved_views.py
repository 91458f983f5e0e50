"""Keeping ways of looking at a list: one's own, or shared with colleagues."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import tidy
from hoptac.registry.models import SavedView

_MOST = 50


@action("registry.view", name="registry.save_view")
def save_view(
    ctx: Context,
    page: str,
    *,
    name: str,
    query: str | None = None,
    pk: UUID | None = None,
    is_default: bool = False,
    is_shared: bool = False,
) -> SavedView:
    """Keep an address of a page under a name, or rename, share and prefer one that was kept.

    A name of one's own that exists already takes the new address. Only one view opens first.

    :raises Refused: the name is empty or taken, or there are too many
    """
    name = tidy(name)[:80]
    if not name:
        raise Refused(Finding("name_missing", _("Give the view a name."), field="name"))
    own = SavedView.objects.filter(user=ctx.user, page=page)
    view = own.filter(pk=pk).first() if pk else own.filter(name=name).first()
    if view is None:
        if pk or own.count() >= _MOST:
            raise Refused(
                Finding("views_too_many", _("Delete a view that you no longer need first."))
            )
        view = SavedView(user=ctx.user, page=page)
    view.name, view.is_default, view.is_shared = name, is_default, is_shared
    if query is not None:
        view.query = query[:1000]
    with transaction.atomic():
        if is_default:
            own.exclude(pk=view.pk).update(is_default=False)
        try:
            with transaction.atomic():
                view.save()
        except IntegrityError as error:
            raise Refused(
                Finding("name_taken", _("You have another view of this name."), field="name")
            ) from error
    return view


@action("registry.view", name="registry.remove_view")
def remove_view(ctx: Context, pk: UUID) -> None:
    """Forget a view of one's own.

    :raises OutOfReach: the caller has no such view
    """
    view = SavedView.objects.filter(user=ctx.user, pk=pk).first()
    if view is None:
        raise OutOfReach("registry.view")
    note(ctx, name=view.name, query=view.query)
    view.delete()
