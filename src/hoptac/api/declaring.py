"""How an operation is declared: by what it reads, does or hands out, and for whom.

A function says what it answers; the declaration asks the caller for scope and permission, refuses
parameters that nobody reads, finds the subject of an act and the version that was read, carries the act
out once for each Idempotency-Key, and writes the answer. Functions take the caller's context first::

    tasks = Operations("tasks")

    @tasks.reads("/tasks/{id}", TaskBody, "One task", needs="tasks.view")
    def task(ctx: Context, pk: Id) -> Versioned: ...

    @tasks.acts("/tasks/{id}/extension", "Move the due day", needs="tasks.assign", upon=ordered)
    def extend(ctx: Context, task: Task, version: int, data: ExtendIn) -> Task: ...
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Header, Path, Query, Router

from hoptac.api.answers import once
from hoptac.api.asking import as_json, refuse_unknown, scoped
from hoptac.api.problem import Problem
from hoptac.api.schemas import Done, ProblemBody
from hoptac.foundation.access import Context

# What every operation may answer besides its own; an act some more.
READ = (400, 401, 403, 404, 405, 406, 422, 429, 500, 503)
_ACT = (409, 412, 413, 415, 428)
_READ_ERRORS = dict.fromkeys(READ, ProblemBody)
_ACT_ERRORS = dict.fromkeys(sorted((*READ, *_ACT)), ProblemBody)

Thing = TypeVar("Thing")
Id = Annotated[UUID, Path(alias="id")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key", max_length=40, pattern=r"^[\x21-\x7e]*$",
        description="the same key again changes nothing and is answered the same",
    ),
]  # fmt: skip
Match = Annotated[
    str, Header(alias="If-Match", max_length=40, description="the ETag of the record as read")
]
NoneMatch = Annotated[
    str, Header(alias="If-None-Match", max_length=200, description="304 where this ETag holds")
]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[UUID | None, Query(description="next_cursor of the page before")]
# Parameters of a function that are none of the query.
_ELSEWHERE = {"pk", "data", "match", "key", "if_none_match"}
# Names of the operations that hand files out: they speak more than JSON.
FILES: set[str] = set()
# Names of the operations that files are sent to within the body.
HEAVY: set[str] = set()


@dataclass(frozen=True)
class Versioned:
    """An answer about one thing with its version, which becomes the ETag."""

    body: Any
    version: int


class Operations:
    """The operations of one matter of the reference page; ``router`` is what the API includes."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.router = Router()

    def reads(
        self, path: str, gives: Any, summary: str, *, needs: str, is_conditional: bool = False
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
        """Declare an operation that reads. ``needs`` is the permission; empty, any token may ask and the function
        takes the :class:`Caller` instead of its context.

        The function returns what is to be JSON (bytes that are JSON already, too) or :class:`Versioned`;
        with ``is_conditional`` an ETag that still holds is answered 304.
        """

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            taken = _taken_by(function)
            known = _query_of(taken, path)

            def view(request: HttpRequest, **given: Any) -> HttpResponse:
                ctx = scoped(request, "read", needs) if needs else request.caller  # type: ignore[attr-defined]
                refuse_unknown(request, known)
                tags = given.pop("if_none_match", "")
                return _answer(function(ctx, **given), tags)

            if is_conditional:
                taken.append(_parameter("if_none_match", NoneMatch, ""))
            _dress(view, function, taken)
            unchanged: dict[int, Any] = {304: None} if is_conditional else {}
            self.router.get(
                path, response={200: gives, **unchanged, **_READ_ERRORS}, tags=[self.tag],
                summary=summary, operation_id=function.__name__,
            )(view)  # fmt: skip
            return function

        return declare

    def hands_out(
        self, path: str, media_types: Iterable[str], summary: str, *, needs: str
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an operation that gives a file; the function returns the answer that carries it."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            taken = _taken_by(function)
            known = _query_of(taken, path)

            def view(request: HttpRequest, **given: Any) -> HttpResponseBase:
                ctx = scoped(request, "read", needs)
                refuse_unknown(request, known)
                answer: HttpResponseBase = function(ctx, **given)
                return answer

            _dress(view, function, taken)
            FILES.add(function.__name__)
            binary = {"schema": {"type": "string", "format": "binary"}}
            self.router.get(
                path, response={200: None, **_READ_ERRORS}, tags=[self.tag], summary=summary,
                operation_id=function.__name__,
                openapi_extra={"responses": {200: {"content": dict.fromkeys(media_types, binary)}}},
            )(view)  # fmt: skip
            return function

        return declare

    def acts(
        self, path: str, summary: str, *, needs: str, status: int = 200,
        upon: Callable[[Context, UUID], Any] | None = None, brings_files: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
        """Declare an act. ``upon`` finds its subject, of which If-Match names the version; without: it makes one.

        The function is called with the context, then (with ``upon``) the subject and the version, then the
        body, and returns what it acted upon. The same Idempotency-Key gets the same answer again.
        """

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            taken = _taken_by(function)[-1:]

            def view(
                request: HttpRequest, data: Any, pk: UUID | None = None, match: str = "", key: str = ""
            ) -> HttpResponse:  # fmt: skip
                ctx = scoped(request, "write", needs).by(idempotency_key=key)
                if upon is None or pk is None:
                    return once(request, ctx, lambda: function(ctx, data), status)
                found = there(upon(ctx, pk))
                version = version_in(match)
                return once(request, ctx, lambda: function(ctx, found, version, data), status)

            if upon is not None:
                taken = [_parameter("pk", Id), *taken, _parameter("match", Match, "")]
            _dress(view, function, [*taken, _parameter("key", Key, "")])
            if brings_files:
                HEAVY.add(function.__name__)
            if upon is not None:
                view.__doc__ = f"{inspect.cleandoc(function.__doc__ or '')} Needs If-Match."
            self.router.post(
                path,
                response={status: Done, **_ACT_ERRORS},
                tags=[self.tag],
                summary=summary,
                operation_id=function.__name__,
            )(view)
            return function

        return declare

    def repeats(
        self, path: str, gives: Any, summary: str, *, needs: str
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an act that may be repeated by its nature: it asks for no version and answers what stands then."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            def view(request: HttpRequest, key: str = "", **given: Any) -> HttpResponse:
                ctx = scoped(request, "write", needs).by(idempotency_key=key)
                return _answer(function(ctx, **given))

            _dress(view, function, [*_taken_by(function), _parameter("key", Key, "")])
            self.router.post(
                path,
                response={200: gives, **_ACT_ERRORS},
                tags=[self.tag],
                summary=summary,
                operation_id=function.__name__,
            )(view)
            return function

        return declare


def version_in(match: str) -> int:
    """Return the version that an If-Match names.

    :raises Problem: 428 where there is none, 412 where it is not one of ours
    """
    if not match:
        raise Problem(428)
    found = re.fullmatch(r'"(\d{1,9})"', match.strip())
    if found is None:
        raise Problem(412)
    return int(found[1])


def page_of(rows: QuerySet[Any], cursor: UUID | None, limit: int) -> tuple[list[Any], UUID | None]:
    """Return a page of things, the one entered last first, and the cursor of the next page."""
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    found = list(rows.order_by("-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], last["id"] if isinstance(last, dict) else last.pk


def there(found: Thing | None) -> Thing:
    """Return what was looked for.

    :raises Problem: 404 where there is none, or the caller may not see it
    """
    if found is None:
        raise Problem(404)
    return found


def _answer(told: Any, tags: str = "") -> HttpResponse:
    if not isinstance(told, Versioned):
        return as_json(told if isinstance(told, bytes) else orjson.dumps(told, default=_plain))
    tag = f'"{told.version}"'
    if tags and tag in {t.strip().removeprefix("W/") for t in tags.split(",")}:
        return HttpResponse(status=304, headers={"ETag": tag})
    return as_json(orjson.dumps(told.body, default=_plain), {"ETag": tag})


def _plain(value: Any) -> Any:
    """Return a decimal as the number it is, and as a text what else JSON has no word for."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _taken_by(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return what a function takes after the caller's context, with its annotations as types."""
    found = list(inspect.signature(function, eval_str=True).parameters.values())
    return [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in found[1:]]


def _query_of(taken: Iterable[inspect.Parameter], path: str) -> tuple[str, ...]:
    in_path = set(re.findall(r"{(\w+)}", path))
    return tuple(p.name for p in taken if p.name not in _ELSEWHERE | in_path)


def _parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def _dress(
    view: Callable[..., Any], function: Callable[..., Any], taken: Iterable[inspect.Parameter]
) -> None:
    """Give a view the name, the words and the parameters of the function it stands for."""
    functools.update_wrapper(view, function)
    del view.__wrapped__  # type: ignore[attr-defined]  # its own signature counts
    request = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY)
    view.__signature__ = inspect.Signature([request, *taken])  # type: ignore[attr-defined]
