"""Development: templates reload, errors show."""

from .base import *
from .base import STORAGES, TEMPLATES

DEBUG = True
SECRET_KEY = "development only, never in production"  # noqa: S105
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
_cached = TEMPLATES[0]["OPTIONS"]["loaders"][0]
TEMPLATES[0]["OPTIONS"]["loaders"] = _cached[1]
