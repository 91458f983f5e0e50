"""The description of the API told on a page: operations by matter, what they take and give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hoptac.api.declaring import READ
from hoptac.api.problem import TITLES

# The matters in the order of the page.
_TAGS = {
    "register": _("The register"),
    "filings": _("Filings and certificates"),
    "directives": _("Directives"),
    "tasks": _("Tasks"),
    "plans": _("Yearly plans"),
    "reports": _("Reports"),
    "committees": _("Steering committees"),
    "statistics": _("Statistics"),
    "places": _("Administrative units"),
    "journal": _("Journal"),
    "caller": _("The caller"),
}
# What every operation may answer is told once.
_EVERYWHERE = {str(status) for status in READ}


# A bound that only keeps nonsense out is not told.
_ENDLESS = 10**8


@dataclass(frozen=True)
class Value:
    """A parameter or a field: its name, its type in words, what to know."""

    name: str
    type: str
    where: str = ""
    note: str = ""
    is_needed: bool = False


@dataclass(frozen=True)
class Operation:
    """One address with one method."""

    method: str
    path: str
    title: str
    text: str
    parameters: tuple[Value, ...]
    body: tuple[Value, ...]
    answer: tuple[Value, ...]
    is_list: bool
    problems: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()
    """The media types of the file that it gives, where it gives one."""

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path.replace('/api/v1', '')}".replace("/", "-").strip("-{}")

    @property
    def short_path(self) -> str:
        return self.path.removeprefix("/api/v1")


@dataclass(frozen=True)
class Matter:
    code: str
    title: Any
    operations: tuple[Operation, ...]


def matters(description: Mapping[str, Any]) -> list[Matter]:
    """Return the operations by matter, from the OpenAPI description."""
    known = description["components"]["schemas"]
    found: dict[str, list[Operation]] = {tag: [] for tag in _TAGS}
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].append(_operation(path, method.upper(), told, known))
    return [Matter(tag, _TAGS[tag], tuple(found[tag])) for tag in _TAGS]


def _operation(
    path: str, method: str, told: Mapping[str, Any], known: Mapping[str, Any]
) -> Operation:
    parameters = tuple(
        Value(
            p["name"], type_of(p["schema"], known), p["in"],
            p.get("description") or p["schema"].get("description", ""), p.get("required", False),
        )
        for p in told.get("parameters", ())
    )  # fmt: skip
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = {str(k): v for k, v in told["responses"].items()}
    given: Mapping[str, Any] = next((v for k, v in answers.items() if k < "300"), {})
    content = given.get("content", {})
    answer = content.get("application/json", {}).get("schema", {})
    is_list = answer.get("type") == "array"
    return Operation(
        method, path, told["summary"], told.get("description", ""), parameters,
        tuple(_fields(body.get("schema", {}), known)),
        tuple(_fields(answer["items"] if is_list else answer, known)), is_list,
        tuple((k, str(TITLES[int(k)])) for k in sorted(answers) if "400" <= k not in _EVERYWHERE),
        () if answer else tuple(content),
    )  # fmt: skip


def _fields(
    schema: Mapping[str, Any], known: Mapping[str, Any], prefix: str = ""
) -> Iterator[Value]:
    """Yield the fields of an object, those of objects within it by dotted names."""
    schema = _named(schema, known)
    needed = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        inner = _named(_one(field), known)
        yield Value(
            prefix + name, type_of(field, known), note=field.get("description", ""),
            is_needed=name in needed,
        )  # fmt: skip
        of_list = _named(inner.get("items", {}), known)
        if "properties" in inner:
            yield from _fields(inner, known, f"{prefix}{name}.")
        elif "properties" in of_list:
            yield from _fields(of_list, known, f"{prefix}{name}[].")


def _named(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return known[name] if name else schema


def _one(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a value is when it is not null."""
    found = [s for s in schema.get("anyOf", ()) if s.get("type") != "null"]
    return found[0] if found else schema.get("allOf", (schema,))[0]


def type_of(schema: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """Return the type of a value in a few words."""
    schema = _named(_one(schema), known)
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"] if v != "")
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'], known)}"
    if "properties" in schema:
        return "object"
    kind = {"string": "text", "number": "number", "integer": "integer", "boolean": "true | false"}
    name = schema.get("format") or kind.get(schema.get("type", ""), schema.get("type", "any"))
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(least, int) and isinstance(most, int):
        return f"{name} {least}-{most}" if most < _ENDLESS else f"{name} from {least}"
    if "maxLength" in schema and name == "text":
        return f"{name}, {schema['maxLength']}"
    return str(name)
