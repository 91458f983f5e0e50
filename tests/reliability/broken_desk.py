"""A web server that is broken on purpose: an act neither holds its subject nor reads it anew.

The control of two officers deciding one dossier: both believe that it is theirs to decide.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from hoptac.foundation import actions  # noqa: E402  (after the apps are ready)


def _hold_nothing(ctx: Any, permission: str, subject: Any) -> None:
    time.sleep(0.5)


actions._hold = _hold_nothing
