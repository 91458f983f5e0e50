"""Make an API token for a person, from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from hoptac.api.models import ApiToken, Scope
from hoptac.foundation.accounts.models import User


class Command(BaseCommand):
    help = "Make an API token for a person and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scopes", nargs="+", default=["read"], choices=Scope.values)
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        expires = timezone.now() + timedelta(days=options["days"])
        _token, secret = ApiToken.issue(user, options["name"], options["scopes"], expires)
        self.stdout.write(secret)
