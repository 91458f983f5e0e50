"""Reading a document that orders work: pure, from bytes or text to a :class:`~.result.Reading`.

:func:`read_document` takes a file, :func:`read_text` a text; :func:`as_json` is the reading for programs.
"""

from hoptac.directives.reading.json_form import as_json
from hoptac.directives.reading.read import read_document, read_text
from hoptac.directives.reading.refusals import BadDocument
from hoptac.directives.reading.result import Reading

__all__ = ["BadDocument", "Reading", "as_json", "read_document", "read_text"]
