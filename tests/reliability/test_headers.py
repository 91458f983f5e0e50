"""S12: the headers stand on every answer, the deployment check has nothing to say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.reliability.bars import told
from tests.reliability.matrix import addresses, path_of, read_table
from tests.reliability.world import World

NEEDED = {
    "Content-Security-Policy": "script-src 'self'", "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
_UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "*")


def lacking(answer: Any, *, is_api: bool, is_signed_in: bool) -> list[str]:
    """Return in words what an answer's headers lack."""
    needed = {"X-Content-Type-Options": "nosniff"} if is_api else NEEDED
    found = [name for name, words in needed.items() if words not in answer.get(name, "")]
    scripts = answer.get("Content-Security-Policy", "").partition("script-src")[2].partition(";")[0]
    found += [f"script-src {word}" for word in _UNSAFE if word in scripts.split()]
    if is_signed_in and "no-store" not in answer.get("Cache-Control", ""):
        found.append("Cache-Control")
    found += [
        f"cookie {name}" for name, cookie in answer.cookies.items()
        if cookie.value and not (cookie["httponly"] and cookie["samesite"])
    ]  # fmt: skip
    return found


def test_every_answer_carries_the_headers(world: World) -> None:
    table = read_table()
    roles = {"administrator", "department_officer"}
    signed = [a for a in world.actors if a.role in roles and a.relation == "province"]
    stranger = next(a for a in world.actors if a.relation == "anonymous")
    missing, answers = [], 0
    for actor in (stranger, *signed):
        for address in addresses():
            row = table.get((address.name, "GET"))
            for which in ("it", "missing"):
                client = actor.machine if address.is_api else actor.client
                path = path_of(address, world, actor, row.about if row else "-", which)
                kept = client.cookies.copy()
                with transaction.atomic():
                    answer = client.get(path)
                    for close in answer._resource_closers:  # the file of an export
                        close()
                    transaction.set_rollback(True)
                client.cookies = kept
                answers += 1
                # The gates send a stranger on; what is public is nobody's secret.
                is_own = actor is not stranger and not (row and "public" in row.who)
                missing += [
                    f"{actor} {address.name} {answer.status_code}: {what}"
                    for what in lacking(answer, is_api=address.is_api, is_signed_in=is_own)
                ]
    told("S12", f"{len(set(missing))} headers lacking on {answers} answers of {len(list(addresses()))} addresses", "0",
         control="an answer without headers is told")  # fmt: skip
    assert not missing, "\n".join(sorted(set(missing)))


def test_an_answer_without_headers_is_told() -> None:
    from django.http import HttpResponse

    assert len(lacking(HttpResponse(), is_api=False, is_signed_in=True)) == 6
    loose = HttpResponse(headers={"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"})
    assert "script-src 'unsafe-inline'" in lacking(loose, is_api=False, is_signed_in=False)


def test_an_unknown_host_is_refused_and_no_error_page_tells_of_the_inside(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    for address in ("/khong-co-trang-nay/", "/registry/nao/"):
        said = Client().get(address, follow=True).content.decode()
        assert "Traceback" not in said
        assert "DEBUG" not in said


def test_the_deployment_check_has_nothing_to_say() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy"],
        env={
            **os.environ, "DJANGO_SETTINGS_MODULE": "hoptac.config.settings.prod",
            "HOPTAC_HTTPS": "1", "HOPTAC_HOSTS": "htx.example.gov.vn",
            "HOPTAC_SECRET_KEY": "k3y-" + os.urandom(40).hex(), "PYTHONPATH": str(settings.ROOT / "src"),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    # W021: whether the name goes into the browsers' preload list is the operator's to decide.
    told_of = [w for w in re.findall(r"security\.\w+", done.stderr) if w != "security.W021"]
    assert told_of == [], done.stderr
