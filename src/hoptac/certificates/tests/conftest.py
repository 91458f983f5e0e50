"""A key that signs, and certificates in desk words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hoptac.certificates.actions import issue_certificate, rotate_key
from hoptac.foundation.access import Context

PERSON = {
    "name": "Lê Thị Bí Mật", "position": "Chủ tịch Hội đồng quản trị", "nationality": "Việt Nam",
    "identity_number": "091085001234", "contact_address": "Ấp Hòa A, xã Hòa An",
}  # fmt: skip


@pytest.fixture
def key(db: None, the_system: Context, settings: Any, tmp_path: Path) -> Any:
    """The first key, in a folder of the test's own."""
    settings.CERTIFICATE_KEYS = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "files"
    return rotate_key(the_system)


@pytest.fixture
def body(cooperative: Callable[..., Any]) -> Any:
    return cooperative(
        name="Hợp tác xã Nông nghiệp Hòa An", registration_number="1700123457",
        address="Ấp Hòa A", charter_capital=2_050_000_000,
    )  # fmt: skip


@pytest.fixture
def issue(key: Any, the_system: Context, units: Any, body: Any) -> Callable[..., Any]:
    """Issue by the real act: ``issue()``, ``issue(other_body, name="…", on=…, reason="change")``."""
    commune = units.commune("", "Giồng Riềng")

    def make(
        to: Any = None, *, ctx: Context | None = None, on: date = date(2026, 3, 2),
        kind: str = "registration", reason: str = "new", authority: Any = None, **content: Any,
    ) -> Any:  # fmt: skip
        said = {
            "name": "Hợp tác xã Nông nghiệp Hòa An", "code": "1700123457",
            "office": "Ấp Hòa A, xã Hòa An, tỉnh An Giang", "charter_capital": 2_050_000_000,
            "representatives": [PERSON], **content,
        }  # fmt: skip
        return issue_certificate(
            ctx or the_system, to or body, authority=authority or commune, kind=kind, content=said,
            issued_on=on, signatory="Chủ tịch\nNguyễn Văn Ký", reason=reason,
        )  # fmt: skip

    return make
