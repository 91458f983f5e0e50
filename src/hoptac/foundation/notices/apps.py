from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "hoptac.foundation.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from hoptac.foundation import duties
        from hoptac.foundation.audit import words
        from hoptac.foundation.notices.acts import SEND
        from hoptac.foundation.notices.duties import letters_that_failed

        words.declare(
            {
                "notices.choose_mail": _("Choice of what comes by e-mail"),
                "notices.send_again": _("Letter sent again"),
                "notices.send_all_again": _("All failed letters sent again"),
                "notices.set_aside": _("Letter set aside"),
                "notices.remove_old": _("Old notices and letters removed"),
            },
            {"notices.letter": "notices:letter"},
        )
        duties.declare(letters_that_failed, permission=SEND, order=80)
