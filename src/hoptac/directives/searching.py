"""Search by the beginnings of words (decision 0005), over symbol, title, bodies and the text itself."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField, Value

from hoptac.directives.models import Directive
from hoptac.directives.models.directives import DirectiveQuerySet
from hoptac.foundation.vietnamese import fold

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 20_000
_MOST_ASKED = 12


def words_of(text: str) -> list[str]:
    """Return the words of a text without marks and case, each once, in order of the alphabet."""
    found = {w[:60] for w in _WORD.findall(fold(" ".join(text.split())))}
    return sorted(found)[:_MOST_WORDS]


def write_words(directive: Directive) -> None:
    """Bring what a document is found by up to date with what it says."""
    said = (
        directive.symbol,
        directive.title,
        directive.issuer_name,
        directive.signer,
        directive.text,
    )
    words = Value(words_of(" ".join(said)), output_field=ArrayField(TextField()))
    vector: Any = Func(words, function="array_to_tsvector", output_field=SearchVectorField())
    Directive.objects.filter(pk=directive.pk).update(words=vector)


def matching(found: DirectiveQuerySet, q: str) -> DirectiveQuerySet:
    """Keep the documents in which every word asked for begins a word; a number must be the whole number."""
    asked = _WORD.findall(fold(" ".join(q.split())))[:_MOST_ASKED]
    if not asked:
        return found.none() if q.strip() else found
    query = " & ".join(f"'{w[:60]}'" + ("" if w.isdigit() else ":*") for w in asked)
    return found.filter(words=SearchQuery(query, search_type="raw", config="simple"))
