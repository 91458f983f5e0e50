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
    "registry.bring_in_file": gettext_lazy("File brought in"),
    "registry.tell_columns": gettext_lazy("Columns of a file told"),
    "registry.tell_day": gettext_lazy("Day of a list told"),
    "registry.mend_line": gettext_lazy("Line of a file mended"),
    "registry.decide_line": gettext_lazy("Line of a file decided"),
    "registry.put_file_aside": gettext_lazy("File put aside"),
    "transfers.remember_layout": gettext_lazy("Layout of a file remembered"),
    "registry.export": gettext_lazy("Exported"),
    "registry.save_view": gettext_lazy("View kept"),
    "registry.remove_view": gettext_lazy("View deleted"),
    "registry.undo_import": gettext_lazy("Bringing in undone"),
    "registry.undo_acts": gettext_lazy("Acts undone"),
}
# What the contents of acts speak of, beside the particulars and the figures.
FIELD_NAMES: dict[str, Any] = {
    "kind": gettext_lazy("Kind"),
    "particulars": gettext_lazy("Particulars"),
    "figures": gettext_lazy("Figures"),
    "changed": gettext_lazy("Changed"),
    "was": gettext_lazy("Before"),
    "now": gettext_lazy("Now"),
    "before": gettext_lazy("Before"),
    "as_of": gettext_lazy("As of"),
    "on": gettext_lazy("Day"),
    "source": gettext_lazy("Source"),
    "successor": gettext_lazy("Into"),
    "statement": gettext_lazy("Number of the statement"),
    "codes": gettext_lazy("Codes of the lines of business"),
    "main": gettext_lazy("Main line"),
    "file": gettext_lazy("File"),
    "size": gettext_lazy("Size (bytes)"),
    "sha256": gettext_lazy("Fingerprint of the file"),
    "line": gettext_lazy("Row"),
    "decision": gettext_lazy("Decision"),
    "body": gettext_lazy("Body of the register"),
    "rows": gettext_lazy("Lines"),
    "columns": gettext_lazy("Columns"),
    "query": gettext_lazy("Filters"),
    "format": gettext_lazy("Format"),
    "new": gettext_lazy("New"),
    "entered": gettext_lazy("Entered"),
}
CHANNELS: dict[str, Any] = {
    "page": "",
    "api": gettext_lazy("by another system"),
    "import": gettext_lazy("from a file"),
    "command": gettext_lazy("by the system"),
    "job": gettext_lazy("by the system"),
}


def channel_name(code: str) -> str:
    return str(CHANNELS.get(code, ""))
