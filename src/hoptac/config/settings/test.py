"""Tests: fast hasher, undefined template variables shout, a real PostgreSQL."""

from .base import *
from .base import STORAGES, VAR

SECRET_KEY = "tests only, never in production"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ANCHORS, ANCHOR_KEY = VAR / "test-anchors", VAR / "test-anchors" / "key.pem"
MEDIA_ROOT = VAR / "test-files"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
CERTIFICATE_KEYS = VAR / "test-certificate-keys"
PUBLIC_URL = "https://hoptac.example"
