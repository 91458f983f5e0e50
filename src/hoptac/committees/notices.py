"""Whom a meeting and a handover tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hoptac.committees.models import Committee, FollowingOfficer, Handover, Meeting, Member
from hoptac.foundation.access import Context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.notices.kinds import Matter, NoticeKind, declare, declare_matter
from hoptac.foundation.notices.terms import Mail


def meetings_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these meetings the caller may read."""
    return (
        Meeting.objects.visible_to(ctx).filter(pk__in=keys).order_by().values_list("pk", flat=True)
    )


def officers_among(ctx: Context, keys: Collection[str]) -> Iterable[Any]:
    """Return which of these following officers the caller may see."""
    return (
        FollowingOfficer.objects.visible_to(ctx)
        .filter(pk__in=keys)
        .order_by()
        .values_list("pk", flat=True)
    )


def members_with_accounts(ctx: Context, *, meeting: Meeting) -> list[User]:
    """Return the members of the meeting's day who have an account."""
    day = timezone.localtime(meeting.starts_at).date()
    seats = Member.objects.filter(committee=meeting.committee_id, user__isnull=False).on(day)
    return list(User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("pk"))


def about_meeting(ctx: Context, *, meeting: Meeting) -> tuple[Meeting, Mapping[str, Any]]:
    at = timezone.localtime(meeting.starts_at)
    name = Committee.objects.get(pk=meeting.committee_id).name
    return meeting, {"committee": name, "when": f"{at:%H:%M %d/%m/%Y}", "place": meeting.place}


def who_takes_over(ctx: Context, *, handover: Handover) -> list[User]:
    return [handover.taking.user] if handover.taking.user is not None else []


def about_handover(
    ctx: Context, *, handover: Handover
) -> tuple[FollowingOfficer, Mapping[str, Any]]:
    return handover.taking, {"name": handover.leaving.name, "count": len(handover.tasks)}


def declare_all() -> None:
    """Declare what notices are about, and the kinds."""
    declare_matter(Matter("committees.meeting", "committees:meeting", seen=meetings_among))
    declare_matter(Matter("committees.followingofficer", "officers:officer", seen=officers_among))
    group = _("Steering committees")
    for code, event, title, text in (
        (
            "committees.invitation",
            "committees.invited",
            _("Invited to a meeting"),
            _("%(committee)s meets at %(when)s, %(place)s."),
        ),
        (
            "committees.moved",
            "committees.meeting_moved",
            _("A meeting was moved"),
            _("The meeting of %(committee)s is now at %(when)s, %(place)s."),
        ),
        (
            "committees.cancelled",
            "committees.meeting_cancelled",
            _("A meeting was called off"),
            _("The meeting of %(committee)s at %(when)s was called off."),
        ),
    ):
        declare(
            NoticeKind(
                code,
                group=group,
                title=title,
                text=text,
                permission="committees.view",
                mail=Mail.NOW,
                on=event,
                to=members_with_accounts,
                about=about_meeting,
            )
        )
    declare(
        NoticeKind(
            "committees.handover",
            group=_("Following officers"),
            title=_("Work handed over to you"),
            text=_("%(name)s handed the work over to you: %(count)s open tasks."),
            permission="committees.view",
            mail=Mail.NOW,
            on="committees.handed_over",
            to=who_takes_over,
            about=about_handover,
        )
    )
