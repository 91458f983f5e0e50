"""Acts of the registration desk as people say them, for the journal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "registration.receive": _("Dossier received"),
    "registration.begin_online": _("Dossier begun online"),
    "registration.revise_online": _("Dossier changed online"),
    "registration.submit": _("Dossier sent in online"),
    "registration.accept": _("Dossier sent in online received"),
    "registration.correct_representatives": _("Legal representatives corrected"),
    "registration.undo_representatives": _("Correction of representatives undone"),
    "registration.attach": _("Scan laid to a paper"),
    "registration.attach_online": _("Paper sent in online"),
    "registration.amend": _("Dossier mended on the desk"),
    "registration.ask_supplement": _("Applicant asked to supply what is missing"),
    "registration.supply": _("What was missing supplied"),
    "registration.supply_online": _("What was missing supplied online"),
    "registration.withdraw_online": _("Dossier withdrawn online"),
    "registration.hand_over": _("Dossier handed to a colleague"),
    "registration.return_filing": _("Dossier returned"),
    "registration.withdraw": _("Dossier withdrawn"),
    "registration.lapse": _("Dossier void"),
    "registration.transfer": _("Dossier passed to another registrar"),
    "registration.propose": _("Dossier put forward for decision"),
    "registration.send_back": _("Dossier sent back to the examiner"),
    "registration.decide": _("Dossier decided"),
    "registration.carry_out": _("Decision took effect"),
    "registration.set_fees": _("Table of fees entered"),
    "registration.withdraw_fees": _("Table of fees withdrawn"),
    "registration.record_fee": _("Fee of a dossier paid"),
    "registration.waive_fee": _("Fee of a dossier waived"),
    "registration.refund_fee": _("Fee of a dossier paid back"),
    "registration.withdraw_fee_entry": _("Entry of a fee withdrawn"),
    "registration.export_fees": _("List of fees taken out"),
    "registration.hand_out_paper": _("Paper of a dossier handed out"),
    "registration.correct_paper": _("Letter replaced by a corrected one"),
    "registration.attach_signed_paper": _("Letter signed outside laid to a dossier"),
    "registration.end_term": _("What a term asked was done"),
    "registration.close_by_silence": _("Ended after the term of silence"),
    "registration.end_pause": _("Business went on after its pause"),
}
