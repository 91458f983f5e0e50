from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkingDaysConfig(AppConfig):
    name = "hoptac.foundation.working_days"
    label = "working_days"
    verbose_name = _("Working days")

    def ready(self) -> None:
        from hoptac.foundation.audit import words
        from hoptac.foundation.working_days import acts  # noqa: F401

        words.declare(
            {
                "working_days.adopt_year": _("Calendar of a year adopted"),
                "working_days.give_back_year": _("Calendar of a year given back"),
                "working_days.add_day": _("Day off added"),
                "working_days.exchange_days": _("Working day exchanged"),
                "working_days.remove_day": _("Day removed from the calendar"),
            },
            {"working_days.calendarday": "calendar:day", "working_days.calendaryear": "calendar:adopted"},
        )  # fmt: skip
