"""The drawing of a certificate's code; without Django, since children that set pages in type load it."""

from __future__ import annotations

from typing import Any

import zxingcpp

_QUIET = 4
_DARK, _LIGHT = b"\x00", b"\xff"


def qr_svg(address: str) -> str:
    """Return the code as a drawing with its quiet zone, each run of dark modules one stroke of the path."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = memoryview(code.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    path = []
    for y, row in enumerate(modules.tolist()):
        run, x = bytes(row), 0
        while (x := run.find(_DARK, x)) >= 0:
            end = run.find(_LIGHT, x)
            end = len(run) if end < 0 else end
            path.append(f"M{x + _QUIET} {y + _QUIET}h{end - x}v1h{x - end}z")
            x = end
    size = len(modules) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{"".join(path)}"/></svg>'
    )


def with_code(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a certificate with the drawing of its code."""
    return {**data, "qr": qr_svg(data["address"])}
