"""Acts upon directives as people say them, for the journal."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACT_NAMES: dict[str, Any] = {
    "directives.bring_directive": _("Document brought and read"),
    "directives.record_directive": _("Document entered"),
    "directives.correct_directive": _("Document corrected"),
    "directives.revoke_directive": _("Document revoked"),
    "directives.expire_directive": _("End of a document recorded"),
    "directives.restore_directive": _("End of a document taken back"),
    "directives.link_directives": _("Documents linked"),
    "directives.unlink_directives": _("Link of documents taken back"),
    "directives.distribute": _("Document distributed"),
    "directives.recall_recipient": _("Document recalled from a recipient"),
    "directives.change_purpose": _("For what recipients have a document changed"),
    "directives.remind": _("Recipients reminded"),
    "directives.ask_own_document": _("Own document asked for"),
    "directives.acknowledge": _("Receipt acknowledged"),
    "directives.acknowledge_several": _("Receipt of several documents acknowledged"),
    "directives.make_concrete": _("Own document named"),
    "directives.waive_own_document": _("No own document needed"),
    "directives.reopen_own_document": _("Answer on the own document taken back"),
    "directives.store_reading": _("Document read"),
    "directives.accept_passages": _("Proposed tasks accepted"),
    "directives.reject_passages": _("Proposed tasks rejected"),
    "directives.edit_passage": _("Proposed task edited"),
    "directives.split_passage": _("Proposed task split"),
    "directives.join_passages": _("Proposed tasks joined"),
    "directives.restore_passages": _("Decision on proposed tasks undone"),
    "directives.take_aim": _("Target made of an aim"),
    "directives.export": _("List of documents taken out"),
}
