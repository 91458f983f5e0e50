# ruff: noqa: E501  (a table, one act a line)
"""The acts upon directives and agencies: what each needs and how it is done (a part of every_act.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

from hoptac.directives import actions as directives
from hoptac.directives.reading import read_text
from hoptac.foundation.access import Context, system_context
from hoptac.jurisdiction import actions as places
from tests.reliability.acts_of_tasks import agency

_NUMBER = count(1)
_DOCUMENT, _AGENCY = "directives.directive", "jurisdiction.agency"
_SYSTEM = system_context()
_TEXT = "KẾ HOẠCH\n\n1. Sở Tài chính chủ trì rà soát các hợp tác xã; báo cáo kết quả.\n\n2. Liên minh Hợp tác xã tuyên truyền, vận động.\n"


def document(stage: Any, **facts: Any) -> Any:
    """Return a document entered by the system; of an agency where one is given."""
    given = {
        "symbol": f"{next(_NUMBER)}-KH/TU",
        "title": "Kế hoạch",
        "issuer_name": "Tỉnh ủy",
        "issued_on": date(2020, 5, 4),
        "in_force_on": date(2020, 5, 4),
        **facts,
    }
    return directives.record_directive(system_context(), facts=given, text="Nội dung")


def read(stage: Any, **facts: Any) -> Any:
    found = document(stage, **facts)
    directives.store_reading(system_context(), found, reading=read_text(_TEXT))
    return found


def _aimed(stage: Any) -> Any:
    found = document(stage)
    text = "KẾ HOẠCH\n\nI. MỤC TIÊU\n\n1. Đến năm 2030 có trên 10 hợp tác xã.\n"
    directives.store_reading(system_context(), found, reading=read_text(text))
    return found


def passage(stage: Any) -> Any:
    return read(stage).passages.order_by("position").first()


def sent(stage: Any, **more: Any) -> Any:
    return directives.distribute(
        system_context(), document(stage), agencies=[agency(stage)], **more
    )[0]


def _two(document_read: Any) -> list[Any]:
    return list(document_read.passages.order_by("position").values_list("pk", flat=True)[:2])


def _linked(stage: Any) -> Any:
    found = document(stage)
    directives.link_directives(
        system_context(), found, links=[directives.LinkSpec(kind="cites", target=document(stage))]
    )
    return found


def _made(stage: Any) -> Any:
    row = sent(stage)
    directives.waive_own_document(system_context(), row, because="thực hiện ngay")
    return row


def _with_own(stage: Any) -> Any:
    row = sent(stage)
    return row, document(stage, issuer=row.agency)


def _make(ctx: Context, pair: Any, **more: Any) -> Any:
    return directives.make_concrete(ctx, pair[0], own=pair[1], **more)


def _split(ctx: Context, found: Any, **more: Any) -> Any:
    words = found.directive.text[found.start : found.end]
    first, _blank, rest = " ".join(words.split()).partition(" ")
    return directives.split_passage(ctx, found, parts=[first, rest], **more)


def rows(known: Callable[..., Any]) -> dict[str, Any]:
    """Return the rows of the table."""
    day = _SYSTEM.today
    text = read_text(_TEXT)

    def edit(
        ready: Callable[..., Any], do: Callable[..., Any], subject: str, entries: int = 1
    ) -> Any:
        return known(ready, do, subject, entries=entries, edits=do)

    return {
        "directives.record_directive": known(
            lambda s: f"{next(_NUMBER)}-KL/TU",
            lambda ctx, symbol: directives.record_directive(
                ctx, facts={"symbol": symbol, "title": "T", "issuer_name": "Tỉnh ủy"}
            ),
            _DOCUMENT,
        ),
        "directives.bring_directive": known(
            lambda s: f"{next(_NUMBER)}-KL/TU",
            lambda ctx, symbol: directives.bring_directive(
                ctx,
                facts={"symbol": symbol, "title": "T", "issuer_name": "Tỉnh ủy"},
                file=("a.txt", _TEXT.encode()),
                reading=text,
            ),
            _DOCUMENT,
            entries=3,
        ),
        "directives.correct_directive": edit(
            document,
            lambda ctx, d, **more: directives.correct_directive(
                ctx.because("nhầm"), d, changes={"signer": f"Ai {next(_NUMBER)}"}, **more
            ),
            _DOCUMENT,
        ),
        "directives.revoke_directive": edit(
            document,
            lambda ctx, d, **more: directives.revoke_directive(
                ctx, d, on=day, basis="QĐ 1", **more
            ),
            _DOCUMENT,
        ),
        "directives.expire_directive": edit(
            document,
            lambda ctx, d, **more: directives.expire_directive(ctx, d, ends_on=day, **more),
            _DOCUMENT,
        ),
        "directives.restore_directive": edit(
            lambda s: document(s, ends_on=day),
            lambda ctx, d, **more: directives.restore_directive(ctx.because("nhầm"), d, **more),
            _DOCUMENT,
        ),
        "directives.link_directives": known(
            document,
            lambda ctx, d: directives.link_directives(
                ctx, d, links=[directives.LinkSpec(kind="cites", cited={"symbol": "13-NQ/TW"})]
            ),
            _DOCUMENT,
        ),
        "directives.unlink_directives": known(
            _linked,
            lambda ctx, d: directives.unlink_directives(
                ctx, d, link=d.links.filter(retired_by=None).get().pk
            ),
            _DOCUMENT,
        ),
        "directives.distribute": known(
            lambda s: (document(s), agency(s)),
            lambda ctx, pair: directives.distribute(ctx, pair[0], agencies=[pair[1]]),
            _DOCUMENT,
        ),
        "directives.recall_recipient": known(
            lambda s: sent(s).directive,
            lambda ctx, d: directives.recall_recipient(
                ctx, d, recipient=d.recipients.get().pk, because="nhầm"
            ),
            _DOCUMENT,
        ),
        "directives.ask_own_document": known(
            lambda s: sent(s).directive,
            lambda ctx, d: directives.ask_own_document(
                ctx, d, recipients=[d.recipients.get().pk], by=day + timedelta(days=9)
            ),
            _DOCUMENT,
        ),
        "directives.change_purpose": known(
            lambda s: sent(s).directive,
            lambda ctx, d: directives.change_purpose(
                ctx, d, recipients=[d.recipients.get().pk], purpose="know"
            ),
            _DOCUMENT,
        ),
        "directives.remind": known(
            lambda s: sent(s, sent_on=date(2020, 5, 4)).directive,
            lambda ctx, d: directives.remind(ctx, d),
            _DOCUMENT,
        ),
        "directives.take_aim": known(
            _aimed,
            lambda ctx, d: directives.take_aim(
                ctx, d, passage=d.passages.get(state="aim").pk, title="Chỉ tiêu", href="/plans/"
            ),
            _DOCUMENT,
        ),
        "directives.acknowledge": known(
            sent, lambda ctx, r: directives.acknowledge(ctx, r), "directives.recipient"
        ),
        "directives.acknowledge_several": known(
            lambda s: [sent(s)],
            lambda ctx, several: directives.acknowledge_several(ctx, recipients=several),
            entries=2,
        ),
        "directives.make_concrete": edit(_with_own, _make, "directives.recipient", 3),
        "directives.waive_own_document": edit(
            sent,
            lambda ctx, r, **more: directives.waive_own_document(ctx, r, because="đủ", **more),
            "directives.recipient",
        ),
        "directives.reopen_own_document": edit(
            _made,
            lambda ctx, r, **more: directives.reopen_own_document(ctx, r, **more),
            "directives.recipient",
        ),
        "directives.store_reading": edit(
            document,
            lambda ctx, d, **more: directives.store_reading(ctx, d, reading=text, **more),
            _DOCUMENT,
        ),
        "directives.accept_passages": known(
            lambda s: read(s, issuer=agency(s)),
            lambda ctx, d: directives.accept_passages(ctx, d, passages=_two(d)),
            _DOCUMENT,
            entries=4,
        ),
        "directives.reject_passages": known(
            read, lambda ctx, d: directives.reject_passages(ctx, d, passages=_two(d)), _DOCUMENT
        ),
        "directives.restore_passages": known(
            lambda s: _rejected(s),
            lambda ctx, d: directives.restore_passages(ctx, d, passages=_two(d)),
            _DOCUMENT,
        ),
        "directives.join_passages": known(
            read, lambda ctx, d: directives.join_passages(ctx, d, passages=_two(d)), _DOCUMENT
        ),
        "directives.edit_passage": edit(
            passage,
            lambda ctx, p, **more: directives.edit_passage(ctx, p, content="Khác", **more),
            "directives.passage",
        ),
        "directives.split_passage": edit(passage, _split, "directives.passage"),
        "directives.export": known(
            lambda s: None,
            lambda ctx, _x: directives.record_export(
                ctx, what="directives", query="", format="csv", rows=0
            ),
        ),
        "jurisdiction.add_agency": known(
            lambda s: s.commune,
            lambda ctx, unit: places.add_agency(
                ctx, name=f"Phòng {next(_NUMBER)}", unit=unit, kind="office"
            ),
            _AGENCY,
        ),
        "jurisdiction.rename_agency": edit(
            lambda s: agency(s, kind="office"),
            lambda ctx, a, **more: places.rename_agency(
                ctx, a, name=f"Tên {next(_NUMBER)}", on=day, **more
            ),
            _AGENCY,
        ),
        "jurisdiction.end_agency": edit(
            lambda s: agency(s, kind="office"),
            lambda ctx, a, **more: places.end_agency(ctx, a, on=day, **more),
            _AGENCY,
        ),
        "jurisdiction.correct_agency": edit(
            lambda s: agency(s, kind="office"),
            lambda ctx, a, **more: places.correct_agency(
                ctx.because("nhầm"), a, changes={"note": "x"}, **more
            ),
            _AGENCY,
        ),
    }


def _rejected(stage: Any) -> Any:
    found = read(stage)
    directives.reject_passages(system_context(), found, passages=_two(found))
    return found
