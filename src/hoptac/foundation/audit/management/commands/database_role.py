"""``./hoptac manage database_role NAME``: a role for the web server that cannot touch what was recorded."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

from hoptac.foundation.audit.rights import statements


class Command(BaseCommand):
    help = (
        "Make a database role, or renew its rights: it reads and adds, but can neither change nor "
        "delete, empty or drop history and journal, nor switch their triggers off. Run it again "
        "after an upgrade."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--sql", action="store_true", help="print the statements, do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        told = statements(name)
        if options["sql"]:
            self.stdout.write(";\n".join(s.as_string(None) for s in told) + ";")
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles "
                "WHERE rolname = %s",
                [name],
            )
            found = cursor.fetchone()
            if found is not None and found[0]:
                raise CommandError(
                    f"{name} owns the tables or is a superuser: choose another name."
                )
            if found is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
            for statement in told:
                cursor.execute(statement)
        self.stdout.write(
            f"{name} may serve. Give it a password (ALTER ROLE ... PASSWORD) unless it comes over "
            "the socket, and name it in HOPTAC_SERVE_DATABASE_URL."
        )
