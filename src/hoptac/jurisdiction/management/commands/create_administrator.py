"""``./hoptac manage create_administrator``: the first account of an installation without others."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from hoptac.foundation.access import system_context
from hoptac.foundation.accounts import acts
from hoptac.foundation.accounts.models import User
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.actions import give_mandate, load_agencies, load_kien_giang_units
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.terms import Level


class Command(BaseCommand):
    help = "Make an account that administers the province, and print its one-time password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")
        parser.add_argument("--basis", default="", help="the decision that appoints the person")
        parser.add_argument(
            "--close-demonstration", action="store_true", help="close the demonstration accounts"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        ctx = system_context(reason="create_administrator", basis=options["basis"])
        load_kien_giang_units(ctx)
        load_agencies(ctx)
        today = timezone.localdate()
        unit = AdminUnit.objects.on(today).filter(level=Level.PROVINCE).first()
        try:
            user, password = acts.create_user(
                ctx, username=options["username"], full_name=options["full_name"]
            )
            give_mandate(
                ctx, user, role="administrator", from_on=today, unit=unit, basis=options["basis"]
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if options["close_demonstration"]:
            acts.close_demonstration(ctx)
        elif User.objects.filter(is_demo=True, is_active=True).exists():
            self.stderr.write(
                "The demonstration accounts are open and their password is public: close them "
                "under People before real work begins (or add --close-demonstration)."
            )
        self.stdout.write(f"Account: {user.username}")
        self.stdout.write(f"One-time password, good for {acts.ONE_TIME_DAYS} days: {password}")
