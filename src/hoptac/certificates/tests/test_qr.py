"""The code's drawing: what it says is read again, and its mask is the one that is easiest to read."""

from __future__ import annotations

import hashlib
import re

import pytest
import zxingcpp

from hoptac.certificates import qr

# As long as the shortest and the longest codes are, and between.
ADDRESSES = [
    "https://hoptac.example.vn/c#"
    + "".join(hashlib.sha512(f"{length} {n}".encode()).hexdigest() for n in range(5))[:length]
    for length in (90, 200, 320, 321, 400, 600)
]


def rows_of(modules: int, side: int) -> list[list[int]]:
    bits = f"{modules:0{side * side}b}"
    return [[int(c) for c in bits[y * side : (y + 1) * side]] for y in range(side)]


def penalty_counted(rows: list[list[int]]) -> int:
    """The four features counted module by module; ``rows`` with their quiet zone of four."""
    code = [row[4:-4] for row in rows[4:-4]]
    size, found = len(code), 0
    for lines in (code, list(zip(*code, strict=True))):
        for line in lines:
            runs = re.findall("0+|1+", "".join(map(str, line)))
            found += sum(len(run) - 2 for run in runs if len(run) >= 5)
    for y in range(size - 1):
        for x in range(size - 1):
            square = {code[y][x], code[y][x + 1], code[y + 1][x], code[y + 1][x + 1]}
            found += 3 * (len(square) == 1)
    for lines in (rows, list(zip(*rows, strict=True))):
        for line in lines:
            text = "".join(map(str, line))
            found += 40 * len(re.findall("(?=10111010000)", text))
            found += 40 * len(re.findall("(?=00001011101)", text))
    dark = sum(map(sum, code))
    return found + 10 * (abs(20 * dark - 10 * size * size) // (size * size))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_mask_is_that_of_the_least_penalty(address: str) -> None:
    side, chosen = qr._modules(address)
    drawn = [qr._drawn(address, mask)[1] for mask in range(8)]
    counted = [penalty_counted(rows_of(modules, side)) for modules in drawn]
    assert [qr.penalty(modules, side) for modules in drawn] == counted
    assert chosen == drawn[counted.index(min(counted))]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_drawing_has_every_dark_module_and_says_the_address(address: str) -> None:
    side, chosen = qr._modules(address)
    svg = qr.qr_svg(address)
    [path] = re.findall(r' d="([^"]+)"', svg)
    drawn = [[0] * side for _y in range(side)]
    x = y = 0
    for step in re.findall(r"M0 \d+\.5|m\d+ 0|h\d+", path):
        if step[0] == "M":
            x, y = 0, int(step[3:-2])
        elif step[0] == "m":
            x += int(step[1:-2])
        else:
            for _n in range(int(step[1:])):
                drawn[y][x] = 1
                x += 1
    assert drawn == rows_of(chosen, side)
    pixels = bytes(
        255 * (1 - drawn[y // 3][x // 3]) for y in range(3 * side) for x in range(3 * side)
    )
    found = zxingcpp.read_barcode(memoryview(pixels).cast("B", (3 * side, 3 * side)))
    assert found is not None
    assert found.text == address
