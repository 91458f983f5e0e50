"""The shared pages of an act say what they lack, and what a refusal means."""

from __future__ import annotations

from typing import Any

import pytest

from hoptac.foundation.actions import Conflict
from hoptac.foundation.findings import Finding, Refused
from hoptac.ui.steps import ActView, Step, StepView, by_code, plain, renamed


def test_a_page_of_an_act_that_says_not_how_its_thing_is_found_cannot_be_made() -> None:
    class Nameless(ActView):
        pass

    with pytest.raises(TypeError, match="abstract"):
        Nameless()  # type: ignore[abstract]


def test_a_table_of_steps_gives_form_words_and_permission() -> None:
    step = Step(
        "end", "End", "End it", form=dict, act=plain(print), done="Ended.", permission="x.y"
    )

    class Page(StepView):
        steps = by_code(step)
        permission = "x.z"

        def find(self, pk: Any) -> Any:
            return None

        def back(self) -> str:
            return "/"

    page = Page()
    page.step = step
    assert page.needed() == "x.y"
    words = page.words()
    assert (words["title"], words["button"], words["done"]) == ("End", "End it", "Ended.")
    page.step = Step("a", "A", "A", form=dict, act=plain(print), done="")
    assert page.needed() == "x.z"


def test_an_act_takes_the_fields_named_and_the_version_that_was_read() -> None:
    taken: dict[str, Any] = {}

    def act(ctx: Any, subject: Any, **details: Any) -> None:
        taken.update(details)

    plain(act, "words")(None, None, {"words": "x", "other": 1, "version": 4}, None)
    assert taken == {"words": "x", "expected_version": 4}


def test_findings_bear_the_names_of_the_forms_fields() -> None:
    class Form:
        renamed = {"starts_at": "day"}

    found = renamed(Form(), [Finding("a", "A", field="starts_at"), Finding("b", "B", field="x")])
    assert [f.field for f in found] == ["day", "x"]
    assert issubclass(Conflict, Refused)
