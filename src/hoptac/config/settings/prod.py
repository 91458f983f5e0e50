"""Production: what ``./hoptac run`` serves, behind a proxy or on its own machine."""

from __future__ import annotations

import os

from .base import *
from .base import ALLOWED_HOSTS, VAR

_key_file = VAR / "secret_key"
SECRET_KEY = os.environ.get("HOPTAC_SECRET_KEY") or (
    _key_file.read_text().strip() if _key_file.exists() else ""
)
ALLOWED_HOSTS = [*ALLOWED_HOSTS, *filter(None, os.environ.get("HOPTAC_HOSTS", "").split(","))]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in os.environ.get("HOPTAC_HOSTS", "").split(",") if h]

if os.environ.get("HOPTAC_HTTPS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
