"""Print the demonstration accounts, one per role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hoptac.foundation.accounts.models import User
from hoptac.jurisdiction.roles import role_name
from hoptac.workspace import demonstration


class Command(BaseCommand):
    help = "Print the demonstration accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        users = User.objects.filter(is_demo=True, is_active=True).prefetch_related("mandates")
        if not users:
            return
        self.stdout.write(f"Password of every account: {demonstration.plan()['password']}")
        for user in users.order_by("created_at"):
            roles = ", ".join(role_name(m.role) for m in user.mandates.all())
            self.stdout.write(f"  {user.username:<12} {roles} — {user.job_title}")
