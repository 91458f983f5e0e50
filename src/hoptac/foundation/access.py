"""Who calls, under which mandates, and how far they see.

``foundation`` knows nothing of administrative units: what a mandate covers is told from above
through :func:`set_coverage_source` (``jurisdiction.scope`` does it when the apps start).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.utils import timezone

if TYPE_CHECKING:
    from hoptac.foundation.accounts.models import User

Channel = Literal["page", "api", "import", "command", "job"]


@dataclass(frozen=True)
class Role:
    """A desk's role: its code, its permissions. Screen names are in :mod:`accounts.terms`."""

    code: str
    permissions: frozenset[str]
    needs_second_factor: bool = True


ROLES: dict[str, Role] = {}
PERMISSIONS: set[str] = set()


def declare_permissions(*names: str) -> None:
    """Make permission names known; a role that grants an unknown one fails the checks."""
    PERMISSIONS.update(names)


@dataclass(frozen=True)
class Grant:
    """One mandate in force: a role over a unit, an agency's province, or a cooperative."""

    mandate_id: UUID
    role: Role
    province_code: str
    unit_id: UUID | None = None
    agency_id: UUID | None = None
    cooperative_id: UUID | None = None


@dataclass(frozen=True)
class Coverage:
    """How far a permission reaches: whole provinces, communes, single cooperatives, or all."""

    everything: bool = False
    provinces: frozenset[str] = frozenset()
    communes: frozenset[UUID] = frozenset()
    cooperatives: frozenset[UUID] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.everything or self.provinces or self.communes or self.cooperatives)

    def __or__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.everything or other.everything,
            self.provinces | other.provinces,
            self.communes | other.communes,
            self.cooperatives | other.cooperatives,
        )

    def __and__(self, other: Coverage) -> Coverage:
        """Return what both reach, as far as it can be told without asking where things lie."""
        if self.everything or other.everything:
            return other if self.everything else self
        return Coverage(
            False,
            self.provinces & other.provinces,
            self.communes & other.communes,
            self.cooperatives & other.cooperatives,
        )


NOTHING = Coverage()
_coverage_of: Callable[[Grant], Coverage] = lambda grant: NOTHING  # noqa: E731


def set_coverage_source(source: Callable[[Grant], Coverage]) -> None:
    """Declare how a grant becomes a coverage (done once, by ``jurisdiction``)."""
    global _coverage_of
    _coverage_of = source


@dataclass(frozen=True)
class Context:
    """The caller of a selector or an act: a person under mandates, on a day, by a channel."""

    user: User | None = None
    grants: tuple[Grant, ...] = ()
    today: date = field(default_factory=timezone.localdate)
    channel: Channel = "page"
    idempotency_key: str = ""
    basis: str = ""
    reason: str = ""
    act_id: UUID | None = None
    _pending: list[Any] = field(default_factory=list, repr=False, compare=False)

    def may(self, permission: str) -> bool:
        """Tell whether any mandate in force grants the permission, somewhere."""
        return any(permission in g.role.permissions for g in self.grants)

    def coverage(self, permission: str) -> Coverage:
        """Return how far the caller's mandates carry the permission."""
        found = NOTHING
        for grant in self.grants:
            if permission in grant.role.permissions:
                found |= _coverage_of(grant)
        return found

    def may_throughout(self, permission: str, *, of: str) -> bool:
        """Tell whether a permission reaches everywhere that another one does.

        Who reads a province under one mandate and its telephones in one commune under another may
        be shown no column of telephones of the province.
        """
        granting = [g for g in self.grants if permission in g.role.permissions]
        if not granting or all(of not in g.role.permissions or g in granting for g in self.grants):
            return bool(granting)
        reach = self.coverage(of)
        return reach == reach & self.coverage(permission)

    def carries(self, permission: str, subject: Any, *, of: str) -> bool:
        """Tell whether a permission carries to a subject that the caller sees under another.

        The database is asked only where the one does not reach as far as the other.
        """
        return self.may_throughout(permission, of=of) or (
            self.may(permission) and subject.is_within(self, permission)
        )

    def because(self, reason: str = "", basis: str = "") -> Context:
        """Return the same caller, giving a reason and a legal basis for the next act."""
        return replace(self, reason=reason, basis=basis)

    def by(self, **changes: Any) -> Context:
        return replace(self, **changes)

    def mandate_for(self, permission: str) -> UUID | None:
        """Return the first mandate in force that grants the permission: what the journal names."""
        granting = (g.mandate_id for g in self.grants if permission in g.role.permissions)
        return next(granting, None)


ANONYMOUS = Context()

_system_role = None


def system_context(**changes: Any) -> Context:
    """Return the context of the system's own work (set-up, demonstration data): may do everything.

    Journalled under no person and the channel ``command``. Never made from a request.
    """
    role = Role("system", frozenset(PERMISSIONS))
    grant = Grant(UUID(int=0), role, province_code="*")
    return Context(grants=(grant,), channel="command").by(**changes)
