"""A system on another machine: with the keys out of the backup it issues again, and what was issued stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoptac.certificates import log, status
from hoptac.certificates.actions import issue_certificate, rotate_key
from hoptac.commands import sealing
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import ActPayload
from hoptac.foundation.findings import Refused

SECRET = "một câu dài chỉ mình tôi biết"


def test_the_keys_of_a_backup_issue_again_on_another_machine(
    db: None, the_system: Context, cooperative: Callable[..., Any], units: Any, settings: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    here, there = tmp_path / "here", tmp_path / "there"
    settings.CERTIFICATE_KEYS, settings.MEDIA_ROOT = here, tmp_path / "files"
    rotate_key(the_system)
    body = cooperative(name="Hợp tác xã Một")

    def issue() -> Any:
        content = {
            "name": "Hợp tác xã Một", "code": "1700123457", "office": "Ấp Một",
            "charter_capital": 10**9, "representatives": [{"name": "Lê Một"}],
        }  # fmt: skip
        return issue_certificate(
            the_system, body, authority=units.commune("Hoà An", "Giồng Riềng"), kind="registration",
            content=content, issued_on=date(2026, 1, 5), signatory="Nguyễn Văn Ký", reason="exchange",
        )  # fmt: skip

    first = issue()
    files = sealing.key_files(here)
    sealed = sealing.seal(files, SECRET)
    settings.CERTIFICATE_KEYS = there
    with pytest.raises(Refused) as refused:
        issue()
    assert refused.value.codes == {"no_signing_key"}
    assert sealing.put_back(sealing.unseal(sealed, SECRET), there) == sorted(files)
    second = issue()
    assert (second.sequence, second.key_id) == (2, first.key_id)
    assert status.of_text(first.payload).verdict == "superseded"
    assert status.of_text(second.payload).verdict == "valid"
    assert log.troubles() == []
    told = "".join(str(p.content) for p in ActPayload.objects.all())
    assert all(body.decode().splitlines()[1] not in told for body in files.values())
