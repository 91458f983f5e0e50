"""The roles of the province's desks and what each may do (the table of people in the mission)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hoptac.foundation.access import ROLES, Role, declare_permissions

_READ = {"registry.view", "statistics.view", "certificates.view"}
_READ_ALL = _READ | {"registry.view_contacts", "registry.export"}
_KEEP = _READ_ALL | {
    "registry.record",
    "registry.change_particulars",
    "registry.correct_particulars",
    "registry.state_figures",
    "registry.correct_figures",
    "registry.end_cooperative",
    "registry.record_lineage",
}
_IMPORT = {"registry.import_register", "registry.undo_import", "transfers.remember_layout"}
_DESK = {"registration.view", "registration.receive", "registration.process"}
_DECIDE = {"registration.view", "registration.decide"}
_WATCH = {"cases.view", "cases.export"}
_CASES = _WATCH | {"cases.keep_dates", "cases.process", "cases.decide"}
_CERTIFY = {"certificates.issue", "certificates.revoke"}
_EXCHANGE = {"exchange.view", "exchange.export", "exchange.reconcile", "exchange.send"}
_OWN = {"accounts.own_tokens"}
# Documents that order work: read by every officer, answered by the agencies that receive them, entered and
# distributed by those that issue them; a desk keeps, and sees, the whole of its line of command.
_READ_DIRECTIVES = {"directives.view"}
_ISSUE = _READ_DIRECTIVES | {
    "directives.acknowledge", "directives.make_concrete", "directives.record", "directives.distribute",
}  # fmt: skip
_OVERSEE_DIRECTIVES = {"directives.oversee_party", "directives.oversee_state"}
_REPORT = {"reports.view", "reports.contribute"}
_COMMITTEES = {"committees.view", "committees.name_officers", "committees.export"}
_PLAN = {"plans.view", "plans.make", "plans.approve", "plans.export"}
_ANSWER = _ISSUE | _COMMITTEES | {"tasks.view", "tasks.answer", "tasks.export"} | _REPORT
_ORDER = _ANSWER | {"tasks.assign", "committees.keep", "reports.draft", "reports.sign"} | _PLAN
_OVERSEE_TASKS = {"tasks.oversee_party", "tasks.oversee_state"}
_OVERSEE = _OVERSEE_DIRECTIVES | _OVERSEE_TASKS | {"committees.oversee", "plans.oversee"}

_ROLES: dict[str, tuple[object, set[str]]] = {
    "registration_officer": (
        _("Registration officer"),
        _KEEP | _IMPORT | _CERTIFY | _OWN | _DESK | _DECIDE | _CASES | _EXCHANGE | _ANSWER | _PLAN,
    ),
    "registrar": (
        _("Registrar (decides and signs)"),
        _KEEP | _IMPORT | _CERTIFY | _OWN | _DESK | _DECIDE | _CASES | _EXCHANGE | _ANSWER | _PLAN,
    ),
    "department_officer": (
        _("Department officer (State manager)"),
        _KEEP | _IMPORT | _CERTIFY | _OWN | _WATCH | _EXCHANGE | _ORDER
        | {"rulebook.view", "registration.view", "tasks.oversee_state", "plans.oversee", "directives.oversee_state",
           "directives.keep_state", "plan.survey"},
    ),
    "sector_officer": (_("Sector department officer"), _READ_ALL | _OWN | _ORDER),
    "alliance_officer": (_("Cooperative Alliance officer"), _READ_ALL | _OWN | _ORDER),
    "party_office": (
        _("Party Office and Steering Committee"),
        _READ | _ORDER | _OVERSEE | {"registry.export", "directives.keep_party", "plan.survey"},
    ),
    "supervisor": (_("People's Council, Front and mass organisations"), _READ | _ORDER),
    "communication_officer": (_("Communication officer"), _READ | _ORDER),
    "cooperative_director": (
        _("Cooperative director"),
        {
            "registry.view", "registry.view_contacts", "registration.view",
            "registration.file_online", "certificates.view", "cases.view", "cases.answer",
        },
    ),
    "bank_officer": (_("Bank officer"), _READ),
    "auditor": (
        _("Auditor"),
        _READ_ALL | _WATCH | _READ_DIRECTIVES | _OVERSEE | {
            "audit.view", "rulebook.view", "registration.view", "exchange.view", "tasks.view",
            "notices.see_letters", "committees.view", "plans.view", "reports.view", "plan.survey",
        },
    ),
    "rule_keeper": (
        _("Rule-keeper (holds law and code lists against the official texts)"),
        _READ | _READ_DIRECTIVES | {"rulebook.view", "rulebook.confirm"},
    ),
    "administrator": (
        _("System administrator"),
        {
            "accounts.manage", "jurisdiction.manage", "audit.view", "registry.view",
            "statistics.view", "accounts.own_tokens", "rulebook.view", "rulebook.confirm",
            "audit.erase", "working_days.keep", "tasks.escalate", "certificates.view", "certificates.keep_keys",
            "notices.see_letters", "notices.send_letters",
        },
    ),
}  # fmt: skip
# The map and its agencies are public knowledge.
_EVERYBODY = frozenset({"jurisdiction.view"})
# Officers sign in with a second factor; a cooperative's director need not.
_ONE_FACTOR = {"cooperative_director"}


def declare() -> None:
    """Make the roles known to ``foundation.access`` (called when the apps start)."""
    declare_permissions(
        "registry.view", "registry.view_contacts", "registry.export", "statistics.view",
        "audit.view", "accounts.manage", "jurisdiction.manage", "jurisdiction.view",
        "accounts.own_tokens", "rulebook.view", "certificates.view", "certificates.issue",
        "certificates.revoke", "certificates.keep_keys", "cases.view", "exchange.view",
        "directives.view", "directives.oversee_party", "directives.oversee_state",
        "directives.keep_party", "directives.keep_state",
        "tasks.view", "tasks.assign", "tasks.answer", "tasks.export", "tasks.oversee_party",
        "tasks.oversee_state", "tasks.escalate",
        "committees.view", "committees.keep", "committees.oversee", "committees.name_officers",
        "committees.export", "plans.view", "plans.make", "plans.approve", "plans.export", "plans.oversee",
        "plan.survey", "reports.view",
    )  # fmt: skip
    for code, (_name, permissions) in _ROLES.items():
        ROLES[code] = Role(code, frozenset(permissions) | _EVERYBODY, code not in _ONE_FACTOR)


def role_name(code: str) -> str:
    """Return the role's name on screen."""
    return str(_ROLES[code][0]) if code in _ROLES else code


def role_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, (name, _permissions) in _ROLES.items()]
