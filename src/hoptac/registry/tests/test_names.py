"""Texts are folded word by word; the outcome is that of folding the whole."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from hoptac.foundation.vietnamese import fold, tidy
from hoptac.registry.names import fold_words

TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("aáàđĐợ Ợ\u0301\u0323\t\xa0\u200b-/.07"))
)
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")


@given(TEXTS)
@example("HTX D.V-N.N  Hoà\u00a0An số 1")
def test_words_are_folded_as_the_whole_text_is(text: str) -> None:
    assert fold_words(text) == re.sub("[^0-9a-z]+", " ", fold(text)).strip()


@given(TEXTS)
@example(" Hợp  tác xã ")
def test_a_tidy_text_is_composed_with_single_blanks_and_nothing_unseen(text: str) -> None:
    seen = unicodedata.normalize("NFC", UNSEEN.sub("", text))
    assert tidy(text) == " ".join(seen.split())
