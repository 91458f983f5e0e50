"""The acts of committees and following officers as the journal says them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "committees.found_committee": _("Steering committee entered"),
    "committees.change_committee": _("Steering committee changed"),
    "committees.dissolve_committee": _("Steering committee ended"),
    "committees.adopt_regulation": _("Working regulation recorded"),
    "committees.appoint_member": _("Member of a committee appointed"),
    "committees.relieve_member": _("Member of a committee relieved"),
    "committees.assign_charge": _("Charge given to a member"),
    "committees.end_charge": _("Charge of a member ended"),
    "committees.plan_meeting": _("Meeting planned"),
    "committees.move_meeting": _("Meeting moved"),
    "committees.add_item": _("Matter put on an agenda"),
    "committees.move_item": _("Agenda put in another order"),
    "committees.drop_item": _("Matter taken off an agenda"),
    "committees.add_paper": _("Paper laid to a matter"),
    "committees.drop_paper": _("Paper taken back"),
    "committees.invite": _("Invitation to a meeting sent"),
    "committees.cancel_meeting": _("Meeting called off"),
    "committees.hold_meeting": _("Attendance of a meeting noted"),
    "committees.write_minutes": _("Minutes written"),
    "committees.adopt_minutes": _("Minutes adopted"),
    "committees.add_conclusion": _("Conclusion written down"),
    "committees.drop_conclusion": _("Conclusion struck"),
    "committees.issue_conclusions": _("Notice of conclusions issued"),
    "committees.name_following_officer": _("Following officer named"),
    "committees.end_officer": _("Following officer's charge ended"),
    "committees.hand_over": _("Work of a following officer handed over"),
    "committees.record_training": _("Training of an officer recorded"),
    "committees.retire_training": _("Training of an officer taken back"),
    "committees.export": _("List of following officers exported"),
}
