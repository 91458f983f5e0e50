"""Vocabulary of directives: documents that order work."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chain(models.TextChoices):
    """The two lines of command that answer for the same work."""

    PARTY = "party", pgettext_lazy("line of command", "Party")
    STATE = "state", pgettext_lazy("line of command", "State")


class DirectiveKind(models.TextChoices):
    """What a directive is; ``ABBREVIATIONS`` holds how its symbol begins."""

    LAW = "law", pgettext_lazy("document", "Law")
    RESOLUTION = "resolution", pgettext_lazy("document", "Resolution")
    DECREE = "decree", pgettext_lazy("document", "Decree")
    DECISION = "decision", pgettext_lazy("document", "Decision")
    CIRCULAR = "circular", pgettext_lazy("document", "Circular")
    DIRECTIVE = "directive", pgettext_lazy("document", "Directive")
    CONCLUSION = "conclusion", pgettext_lazy("document", "Conclusion")
    PROGRAMME = "programme", pgettext_lazy("document", "Programme")
    PLAN = "plan", pgettext_lazy("document", "Plan")
    SCHEME = "scheme", pgettext_lazy("document", "Scheme")
    REGULATION = "regulation", pgettext_lazy("document", "Regulation")
    GUIDANCE = "guidance", pgettext_lazy("document", "Guidance")
    NOTICE = "notice", pgettext_lazy("document", "Notice")
    REPORT = "report", pgettext_lazy("document", "Report")
    SUBMISSION = "submission", pgettext_lazy("document", "Submission")
    LETTER = "letter", pgettext_lazy("document", "Official letter")
    OTHER = "other", pgettext_lazy("document", "Other document")


class Level(models.TextChoices):
    """From which level a document comes."""

    CENTRAL = "central", pgettext_lazy("level", "Central")
    PROVINCE = "province", pgettext_lazy("level", "Province")
    DISTRICT = "district", pgettext_lazy("level", "District")
    COMMUNE = "commune", pgettext_lazy("level", "Commune")


class Reach(models.TextChoices):
    """Who within the province reads a document."""

    OPEN = "open", _("Every officer of the province")
    RECIPIENTS = "recipients", _("Issuer and recipients only")


class Standing(models.TextChoices):
    """Whether a document still binds on a day; told from its dates and from what replaced it."""

    UNKNOWN = "unknown", pgettext_lazy("document", "Validity not known")
    COMING = "coming", pgettext_lazy("document", "Not yet in force")
    IN_FORCE = "in_force", pgettext_lazy("document", "In force")
    AMENDED = "amended", pgettext_lazy("document", "In force, amended")
    EXPIRED = "expired", pgettext_lazy("document", "Expired")
    REPLACED = "replaced", pgettext_lazy("document", "Replaced")
    REVOKED = "revoked", pgettext_lazy("document", "Revoked")


class LinkKind(models.TextChoices):
    """What one document does to another: read *from* does this to *to*."""

    IMPLEMENTS = "implements", pgettext_lazy("document", "Carries out")
    AMENDS = "amends", pgettext_lazy("document", "Amends")
    REPLACES = "replaces", pgettext_lazy("document", "Replaces")
    BASED_ON = "based_on", pgettext_lazy("document", "Is based on")
    CITES = "cites", pgettext_lazy("document", "Cites")


LINK_OF_ROLE: dict[str, LinkKind] = {
    "implements": LinkKind.IMPLEMENTS,
    "basis": LinkKind.BASED_ON,
    "replaces": LinkKind.REPLACES,
    "amends": LinkKind.AMENDS,
}
"""What a document does to another by the role that the reader gives the reference."""

# The same, said from the other end: what *to* is to *from*.
TURNED: dict[str, Any] = {
    LinkKind.IMPLEMENTS: pgettext_lazy("document", "Carried out by"),
    LinkKind.AMENDS: pgettext_lazy("document", "Amended by"),
    LinkKind.REPLACES: pgettext_lazy("document", "Replaced by"),
    LinkKind.BASED_ON: pgettext_lazy("document", "Basis of"),
    LinkKind.CITES: pgettext_lazy("document", "Cited by"),
}


class Making(models.TextChoices):
    """How a recipient made a document concrete."""

    NOT_ASKED = "not_asked", pgettext_lazy("own document", "Not asked for")
    AWAITED = "awaited", pgettext_lazy("own document", "Awaited")
    MADE = "made", _("Own document issued")
    WAIVED = "waived", _("Carried out directly")


class Purpose(models.TextChoices):
    """For what a document is sent to an agency; only who is to act is asked for a receipt or an own document."""

    ACT = "act", pgettext_lazy("sending", "To act")
    KNOW = "know", pgettext_lazy("sending", "For information")


class Owed(models.TextChoices):
    """What a recipient owes to whom the document comes from."""

    RECEIPT = "receipt", pgettext_lazy("owed", "Receipt")
    OWN = "own", pgettext_lazy("owed", "Own document")


class Part(models.TextChoices):
    """What part an actor has in a proposed task. Where *X chỉ đạo Y*, X leads and Y carries it out."""

    LEAD = "lead", pgettext_lazy("part in a task", "Leads")
    COORDINATING = "coordinating", pgettext_lazy("part in a task", "Coordinates")
    EXECUTING = "executing", pgettext_lazy("part in a task", "Carries out under the lead")


class PassageState(models.TextChoices):
    """What became of a proposed task."""

    PROPOSED = "proposed", pgettext_lazy("proposed task", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("proposed task", "Accepted")
    REJECTED = "rejected", pgettext_lazy("proposed task", "Not a task")
    SPLIT = "split", pgettext_lazy("proposed task", "Split")
    JOINED = "joined", pgettext_lazy("proposed task", "Joined with others")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposed task", "Taken back")
    AIM = "aim", pgettext_lazy("proposed task", "Aim")


# What a passage that nobody has decided, or that was accepted, may still become.
LIVE = frozenset({PassageState.PROPOSED, PassageState.ACCEPTED, PassageState.REJECTED})


# Groups of agencies to which documents are sent.
GROUP_NAMES: dict[str, Any] = {
    "departments": _("Provincial departments"),
    "fronts": _("Front, mass organisations, Cooperative Alliance"),
    "party_bodies": _("Party bodies of the province"),
    "other_province": _("Other bodies of the province"),
    "district_committees": _("District People's Committees"),
    "district_party": _("District Party committees"),
    "commune_committees": _("Commune People's Committees"),
    "offices": _("Offices of districts and communes"),
}
