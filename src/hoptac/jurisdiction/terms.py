"""Vocabulary of units, agencies and roles."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")


class UnitKind(models.TextChoices):
    """Kinds of administrative unit, before and after 1 July 2025."""

    PROVINCE = "province", _("province")  # tỉnh
    MUNICIPALITY = "municipality", _("municipality")  # thành phố trực thuộc trung ương
    CITY = "city", _("city")  # thành phố thuộc tỉnh
    TOWN = "town", _("town")  # thị xã
    DISTRICT = "district", _("district")  # huyện
    URBAN_DISTRICT = "urban_district", _("urban district")  # quận
    WARD = "ward", _("ward")  # phường
    COMMUNE = "commune", pgettext_lazy("kind of unit", "commune")  # xã
    TOWNSHIP = "township", _("township")  # thị trấn
    SPECIAL_ZONE = "special_zone", _("special zone")  # đặc khu


# The Vietnamese word before a unit's name: a fact about the unit, not a translation.
KIND_WORD = {
    UnitKind.PROVINCE: "tỉnh",
    UnitKind.MUNICIPALITY: "thành phố",
    UnitKind.CITY: "thành phố",
    UnitKind.TOWN: "thị xã",
    UnitKind.DISTRICT: "huyện",
    UnitKind.URBAN_DISTRICT: "quận",
    UnitKind.WARD: "phường",
    UnitKind.COMMUNE: "xã",
    UnitKind.TOWNSHIP: "thị trấn",
    UnitKind.SPECIAL_ZONE: "đặc khu",
}
KIND_OF_WORD = {word: kind for kind, word in reversed(KIND_WORD.items())}


class AgencyKind(models.TextChoices):
    DEPARTMENT = "department", _("provincial department")
    OFFICE = "office", _("district or commune office")
    COMMITTEE = "committee", _("People's Committee")
    ALLIANCE = "alliance", _("Cooperative Alliance")
    PARTY = "party", _("Party body")
    FRONT = "front", _("Front or mass organisation")
    COUNCIL = "council", _("People's Council")
    BANK = "bank", _("bank")
    OTHER = "other", _("other")


# Roles of the Party's desks: over a district they speak for its Party bodies, not for the State's.
PARTY_ROLES = frozenset({"party_office"})
# Kinds of agency that there are below the province, too.
LOWER_KINDS = frozenset({AgencyKind.OFFICE, AgencyKind.COMMITTEE, AgencyKind.PARTY})


# Acts as people say them, for the journal and for a person's page.
ACT_NAMES: dict[str, Any] = {
    "accounts.create_user": _("Account made"),
    "accounts.change_user": _("Account changed"),
    "accounts.disable_user": _("Account closed"),
    "accounts.enable_user": _("Account opened again"),
    "accounts.reset_password": _("One-time password given"),
    "accounts.reset_second_factor": _("Second factor reset"),
    "accounts.unlock_user": _("Account unlocked"),
    "accounts.end_sessions": _("Sessions ended by an administrator"),
    "accounts.close_demonstration": _("Demonstration accounts closed"),
    "accounts.change_own_password": _("Own password changed"),
    "accounts.change_own_profile": _("Own profile changed"),
    "accounts.set_up_second_factor": _("Second factor set up"),
    "accounts.renew_recovery_codes": _("Recovery codes renewed"),
    "accounts.end_own_sessions": _("Own sessions ended"),
    "audit.erase_words": _("Words of the journal erased"),
    "jurisdiction.give_mandate": _("Mandate given"),
    "jurisdiction.end_mandate": _("Mandate ended"),
    "jurisdiction.load_units": _("Administrative units loaded"),
    "jurisdiction.load_agencies": _("Agencies loaded"),
    "jurisdiction.add_agency": _("Agency added"),
    "jurisdiction.rename_agency": _("Agency renamed"),
    "jurisdiction.end_agency": _("Agency ended"),
    "jurisdiction.correct_agency": _("Agency corrected"),
}

# What the contents of acts speak of.
FIELD_NAMES: dict[str, Any] = {
    "role": _("Role"),
    "unit": _("Territory"),
    "agency": _("Agency"),
    "cooperative": _("Cooperative"),
    "from_on": _("From"),
    "until_on": _("Until"),
    "last_on": _("Last day"),
    "mandate": _("Number of the mandate"),
    "user": _("Number of the account"),
    "username": _("User name"),
    "counts": _("Count"),
    "loaded": _("Loaded"),
    "article": _("Article"),
    "document": _("Official document"),
    "read_on": _("Checked on"),
    "fact": _("Fact"),
    "facts": _("Facts confirmed"),
    "entries": _("Entries"),
    "approved_by": _("Approved by"),
    "successors": _("Successors"),
    "predecessors": _("Predecessors"),
    "scopes": _("Scopes"),
    "expires": _("Expires"),
}
