"""The register's vocabulary."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COOPERATIVE = "cooperative", _("Cooperative")  # HTX
    UNION = "union", _("Union of cooperatives")  # LHHTX
    GROUP = "group", _("Cooperative group")  # THT


class Sector(models.TextChoices):
    """The seven sectors of the plan's opening footnote."""

    AGRICULTURE = "agriculture", _("Agriculture, forestry, fishery, salt")
    INDUSTRY = "industry", _("Industry and handicraft")
    CONSTRUCTION = "construction", _("Construction")
    CREDIT = "credit", _("Credit")
    TRADE = "trade", _("Trade")
    TRANSPORT = "transport", _("Transport")
    OTHER = "other", _("Others")


class LegalStatus(models.TextChoices):
    """Legal status, NĐ 92/2024 art. 27 (seven states) and 28."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Business suspended")
    REVOKED_TAX = "revoked_tax", _("Revoked by tax enforcement")
    ENDING = "ending", _("In dissolution, division, consolidation or merger")
    BANKRUPTCY = "bankruptcy", _("In bankruptcy")
    NOT_AT_ADDRESS = "not_at_address", _("Not operating at the registered address")
    ENDED = "ended", _("Dissolved, bankrupt or ended")


class WorkingState(models.TextChoices):
    """How it really does, whatever its papers say."""

    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Temporarily not operating")
    IDLE = "idle", _("Stopped operating")
    AWAITING_DISSOLUTION = "awaiting_dissolution", _("Stopped, awaiting dissolution")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Not known")


class LegalEra(models.TextChoices):
    """The cooperative law under which it is registered."""

    BEFORE_2012 = "before_2012", _("Before the Law of 2012")
    LAW_2012 = "law_2012", _("Law of 2012")
    LAW_2023 = "law_2023", _("Law of 2023")


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class LineageKind(models.TextChoices):
    MERGER = "merger", _("merged into")  # sáp nhập
    CONSOLIDATION = "consolidation", _("consolidated into")  # hợp nhất
    DIVISION = "division", _("divided into")  # chia
    SEPARATION = "separation", _("separated into")  # tách
    CONVERSION = "conversion", _("converted into")  # chuyển đổi


class Measure(models.TextChoices):
    """The figures that the register keeps, each dated and sourced."""

    CHARTER_CAPITAL = "charter_capital", _("Charter capital (dong)")
    AREA = "area", _("Cultivated area (ha)")
    MEMBERS = "members", _("Members (persons)")
    WORKERS = "workers", _("Workers (persons)")
