"""The generator judged: its encoders by another's decoder, its truth by plain sums."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hoptac.foundation.transfers.sheets import read_workbook
from tests.workbooks.encoders import to_cp1258, to_nfd, to_tcvn3, to_vni
from tests.workbooks.generate import VARIANTS, make
from tests.workbooks.world import communes, tax_code

SMALL = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"


@pytest.mark.parametrize(("encode", "name"), [(to_tcvn3, "tcvn3"), (to_vni, "vni")])
def test_old_encodings_are_written_as_another_decoder_reads_them(encode, name):
    viparse = pytest.importorskip("viparse")
    for letter in SMALL + "ĂÂÊÔƠƯĐ":
        if name == "vni" and letter in "ẳỵ":
            continue  # the other decoder leaves these letters out
        assert viparse.fix(f"b{encode(letter)}b", encoding=name) == f"b{letter}b", letter
    if name == "vni":
        for letter in SMALL.upper().replace("Ẳ", "").replace("Ỵ", ""):
            assert viparse.fix(f"B{encode(letter)}B", encoding=name) == f"B{letter}B", letter


def test_cp1258_comes_back():
    import unicodedata

    back = to_cp1258(SMALL + SMALL.upper()).decode("cp1258")
    assert unicodedata.normalize("NFC", back) == SMALL + SMALL.upper()
    assert to_nfd("ệ") == "e\u0323\u0302"


def test_tax_codes_have_the_check_digit_of_the_law():
    assert tax_code("170955155") == "1709551552"
    assert len(communes()) == 145


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_made_alike_twice_and_its_truth_fits_the_cells(variant, tmp_path: Path):
    path, truth = make(5, variant, tmp_path)
    _, again = make(5, variant, tmp_path)
    assert json.dumps(truth) == json.dumps(again)
    assert len({(r["sheet"], r["row"]) for r in truth["records"]}) == len(truth["records"])
    for problem in truth["problems"]:
        assert problem["severity"] in ("error", "warning")
    found = read_workbook(path)
    heights = {sheet.name: len(sheet.rows) for sheet in found.sheets}
    for record in truth["records"]:
        assert record["row"] <= heights[record["sheet"]], (variant, record["sheet"])


@pytest.mark.parametrize("variant", ["register", "members"])
def test_the_given_truth_has_the_keys_we_write(variant, tmp_path: Path):
    from tests.workbooks.world import shared_folder

    given = {"register": "register-2019-office", "members": "members-sample"}[variant]
    path = shared_folder() / "data" / f"{given}.truth.json"
    if not path.exists():
        pytest.skip("the given workbooks are not here")
    theirs = json.loads(path.read_text(encoding="utf-8"))
    _, ours = make(5, {"register": "office", "members": "roster"}[variant], tmp_path)
    keys = {key for record in ours["records"] for key in record} - {"accept", "also_named"}
    assert keys <= {key for record in theirs["records"] for key in record} | {"accept"}
