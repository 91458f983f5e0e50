"""The drawing of a certificate's code; without Django, since children that set pages in type load it.

The library encodes, this module chooses the mask: drawing all eight by the library and weighing them
takes it ten times as long. What differs between two masks depends on the size alone, so seven
more drawings are made once for each size.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import zxingcpp

_QUIET = 4
_MASKS = 8
_DARK_TO_ONE = bytes(ord("0") if value else ord("1") for value in range(256))
_AT_ONCE = 9
# How the pen goes over some modules of a row, lifted over light ones.
_STEPS = {
    modules: "".join(
        f"m{len(run)} 0" if run[0] == "0" else f"h{len(run)}"
        for run in re.findall("0+|1+", modules)
    )
    for length in range(1, _AT_ONCE + 1)
    for modules in (f"{n:0{length}b}" for n in range(1 << length))
}


def qr_svg(address: str) -> str:
    """Return the code as a drawing with its quiet zone, each run of dark modules a stroke one module thick."""
    side, modules = _modules(address)
    drawn = f"{modules:0{side * side}b}"
    path = []
    for y in range(_QUIET, side - _QUIET):
        row = drawn[y * side : (y + 1) * side]
        path.append(f"M0 {y}.5")
        path += [_STEPS[row[x : x + _AT_ONCE]] for x in range(0, side, _AT_ONCE)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="none" stroke="#000" d="{"".join(path)}"/></svg>'
    )


def with_code(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a certificate with the drawing of its code."""
    return {**data, "qr": qr_svg(data["address"])}


def _modules(address: str) -> tuple[int, int]:
    """Return a code's side in modules with its quiet zone, and its modules row by row, the dark ones as ones.

    Of the eight masks that which ISO/IEC 18004, 7.8.3, finds easiest to read.
    """
    side, first = _drawn(address, 0)
    return side, min(
        (first ^ other for other in _masks(side, address)), key=lambda m: penalty(m, side)
    )


def _drawn(address: str, mask: int) -> tuple[int, int]:
    code = zxingcpp.create_barcode(
        address, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=mask
    )
    image = memoryview(code.to_image(scale=1, add_quiet_zones=True))  # type: ignore[arg-type]
    return len(image), int(image.tobytes().translate(_DARK_TO_ONE), 2)


_differences: dict[int, tuple[int, ...]] = {}


def _masks(side: int, address: str) -> tuple[int, ...]:
    """Return in what each mask's drawing of this size differs from that of the first mask."""
    if side not in _differences:
        drawn = [_drawn(address, mask)[1] for mask in range(_MASKS)]
        _differences[side] = tuple(drawn[0] ^ other for other in drawn)
    return _differences[side]


@functools.cache
def _insides(side: int) -> tuple[int, int]:
    """Return the modules of a code without its quiet zone, and all with it."""
    row = ((1 << (side - 2 * _QUIET)) - 1) << _QUIET
    rows = (row << (y * side) for y in range(_QUIET, side - _QUIET))
    return sum(rows), (1 << (side * side)) - 1


def penalty(modules: int, side: int) -> int:
    """Return how hard a code is to read, by the four features of ISO/IEC 18004, 7.8.3.1.

    Runs of five and more of one colour, squares of one colour, what looks like a corner mark, and
    how far dark and light are from one half each. The quiet zone is light.
    """
    inside, everything = _insides(side)
    light = ~modules & everything
    found, same = 0, []
    for step in (1, side):
        # Neighbours of one colour, both inside: each at the place of the second.
        alike = ~(modules ^ (modules >> step)) & inside & (inside >> step)
        same.append(alike)
        two = alike & (alike >> step)
        five = two & (two >> 2 * step)
        found += five.bit_count() + 2 * (five & ~(five >> step)).bit_count()
        # 1011101 with four light ones before or behind it.
        dark2, light2 = modules & (modules >> 2 * step), light & (light >> step)
        mark = dark2 & (dark2 >> 4 * step) & (modules >> 3 * step)
        mark &= (light >> step) & (light >> 5 * step)
        if mark:
            light4 = light2 & (light2 >> 2 * step)
            behind, before = mark & (light4 >> 7 * step), mark & (light4 << 4 * step)
            found += 40 * (behind.bit_count() + before.bit_count())
    found += 3 * (same[0] & same[1] & (same[0] >> side)).bit_count()
    total = inside.bit_count()
    return found + 10 * (abs(20 * modules.bit_count() - 10 * total) // total)
