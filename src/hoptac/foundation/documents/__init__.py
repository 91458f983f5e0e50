"""Documents: files kept as they were stored, and pages set in the type of State documents.

:func:`~hoptac.foundation.documents.typesetting.typeset` makes a PDF/A of data,
:func:`~hoptac.foundation.documents.storing.store` keeps a file in an act, and
:func:`~hoptac.foundation.documents.serving.handed_out` sends one to a browser.
"""
