"""By which procedure of the registration desk the law makes a change that another database shows.

Pure: told everything it looks at. Law 2023 art. 47, 48, 96-103; NĐ 92/2024 art. 37-57.
"""

from __future__ import annotations

_FIELDS = {
    "name": "change_registration", "short_name": "change_registration",
    "foreign_name": "change_registration", "address": "change_registration",
    "commune": "change_registration", "representative": "change_registration",
    "charter_capital": "change_registration", "lines": "notice_of_change",
    "members": "notice_of_change", "phone": "notice_of_change",
}  # fmt: skip
# From which state to which; an empty one stands for any other.
_STATES = {
    ("", "suspended"): "suspension",
    ("suspended", "active"): "resumption",
    ("", "ending"): "dissolution_notice",
    ("ending", "active"): "dissolution_cancel",
    ("ending", "ended"): "dissolution",
    ("", "ended"): "dissolution",
    ("bankruptcy", "ended"): "bankruptcy_declared",
    ("", "bankruptcy"): "bankruptcy_opening",
    ("", "revoked_tax"): "revocation",
    ("revoked_tax", "active"): "restoration",
}
# States that hang on papers of their own: nothing but their procedure brings them.
ONLY_BY_FILING = frozenset({"ending", "bankruptcy", "revoked_tax"})


def procedure_for(field: str, ours: str = "", theirs: str = "") -> str:
    """Return the code of the procedure that makes what they say so; nothing where the law has none."""
    if field == "status":
        return _STATES.get((ours, theirs)) or _STATES.get(("", theirs), "")
    return _FIELDS.get(field, "")


def needs_filing(field: str, theirs: str) -> bool:
    """Tell whether only a filing can bring what they say."""
    return field == "status" and theirs in ONLY_BY_FILING


def proposal_for(
    procedure: str, field: str, theirs: str, record: dict[str, str]
) -> dict[str, object]:
    """Return what a dossier of the procedure says already, as a proposal keeps it (JSON)."""
    if field == "representative":
        people = [p.strip() for p in theirs.split(";") if p.strip()]
        return {"representatives": [{"person": name} for name in people]}
    if field == "commune":
        return {"commune": record.get("commune_id", ""), "address": record.get("address", "")}
    if field == "lines":
        return {"lines": [c for c in theirs.split("; ") if c]}
    if field in {"charter_capital", "members"}:
        return {field: int(theirs)} if theirs.isdigit() else {}
    if procedure == "revocation":
        return {"grounds": ["tax"]}
    return {field: theirs} if field in _FIELDS else {}
