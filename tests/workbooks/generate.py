"""Office workbooks never seen before, with their truth.

Use: ``python -m tests.workbooks.generate --seed 1 --variant office --out FOLDER``
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tests.workbooks.bad import KINDS, make_bad
from tests.workbooks.register import REGISTER_VARIANTS, make_register
from tests.workbooks.returns import RETURNS_VARIANTS, make_returns
from tests.workbooks.roster import ROSTER_VARIANTS, make_roster

VARIANTS = (*REGISTER_VARIANTS, *ROSTER_VARIANTS, *RETURNS_VARIANTS)


def make(seed: int, variant: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write one workbook of this variant into the folder; return its path and its truth."""
    if variant in REGISTER_VARIANTS:
        return make_register(seed, variant, folder)
    if variant in ROSTER_VARIANTS:
        return make_roster(seed, variant, folder)
    return make_returns(seed, variant, folder)


def main() -> None:
    """Write workbooks and their truth files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", required=True, choices=[*VARIANTS, *KINDS, "all"])
    parser.add_argument("--out", type=Path, required=True)
    told = parser.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    for variant in VARIANTS if told.variant == "all" else (told.variant,):
        if variant in KINDS:
            bad = make_bad(variant, told.seed, told.out)
            truth: dict[str, Any] = {"kind": bad.kind, "outcome": bad.outcome, "rows": bad.rows}
            path = bad.path
        else:
            path, truth = make(told.seed, variant, told.out)
        text = json.dumps(truth, ensure_ascii=False, indent=1)
        path.with_suffix(".truth.json").write_text(text + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
