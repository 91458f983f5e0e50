"""Making and revoking one's own tokens."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.api.models import ApiToken, Scope
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.findings import Finding, Refused

MOST_DAYS = 366
MOST_TOKENS = 20


@action("accounts.own_tokens", name="api.make_token")
def make_token(
    ctx: Context, *, name: str, scopes: list[str], days: int = 90
) -> tuple[ApiToken, str]:
    """Make a token for the caller; returns it and its secret, shown once.

    :raises Refused: no name, no scope, a life of over a year, or too many tokens in force
    """
    if not name.strip():
        raise Refused(Finding("name_missing", _("Say what the token is for."), field="name"))
    if not scopes or set(scopes) - set(Scope.values):
        raise Refused(Finding("scope_unknown", _("Choose what it may do."), field="scopes"))
    if not 1 <= days <= MOST_DAYS:
        raise Refused(Finding("too_long", _("A token lives one day to one year."), field="days"))
    if ctx.user is None:
        raise OutOfReach("accounts.own_tokens")
    live = ApiToken.objects.filter(user=ctx.user, revoked_at=None, expires_at__gt=timezone.now())
    if live.count() >= MOST_TOKENS:
        raise Refused(
            Finding(
                "too_many",
                _("Revoke a token first: %(most)s are in force.") % {"most": MOST_TOKENS},
            )
        )
    expires = timezone.now() + timedelta(days=days)
    token, secret = ApiToken.issue(ctx.user, name.strip(), scopes, expires)
    note(ctx, subject=token, name=token.name, scopes=scopes, expires=expires)
    return token, secret


@action("accounts.own_tokens", name="api.revoke_token")
def revoke_token(ctx: Context, token: ApiToken) -> ApiToken:
    """Revoke a token of the caller; it stops working within two seconds.

    :raises OutOfReach: it is somebody else's
    """
    if ctx.user is None or token.user_id != ctx.user.pk:
        raise OutOfReach("accounts.own_tokens")
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    note(ctx, name=token.name)
    return token
