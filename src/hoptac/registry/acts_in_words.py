"""The register's acts as people say them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

ACT_NAMES: dict[str, Any] = {
    "registry.record": gettext_lazy("Entered in the register"),
    "registry.change_particulars": gettext_lazy("Changed"),
    "registry.correct_particulars": gettext_lazy("Corrected"),
    "registry.state_figures": gettext_lazy("Figures stated"),
    "registry.correct_figures": gettext_lazy("Figures corrected"),
    "registry.end_cooperative": gettext_lazy("End recorded"),
    "registry.record_lineage": gettext_lazy("Passed into another body"),
    "registry.set_business_lines": gettext_lazy("Lines of business set"),
    "registry.import_register": gettext_lazy("Brought in from a list"),
    "registry.undo_import": gettext_lazy("Bringing in undone"),
}
CHANNELS: dict[str, Any] = {
    "page": "",
    "api": gettext_lazy("by another system"),
    "import": gettext_lazy("from a file"),
    "command": gettext_lazy("by the system"),
    "job": gettext_lazy("by the system"),
}


def act_name(code: str) -> str:
    """Return an act's name on screen; the code itself where it has none."""
    return str(ACT_NAMES.get(code, code))


def channel_name(code: str) -> str:
    return str(CHANNELS.get(code, ""))
