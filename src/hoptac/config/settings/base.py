"""Settings shared by every environment. Nothing here starts a server or writes a file."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

ROOT = Path(__file__).resolve().parents[4]
VAR = Path(os.environ.get("HOPTAC_VAR", ROOT / "var"))
RULEBOOK = ROOT / "rulebook"


def database(url: str) -> dict[str, object]:
    """Return Django's settings for ``postgresql://user:password@host:port/name?host=/socket/dir``."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    port = query.pop("port", None) or parts.port or ""
    return {
        "ENGINE": "hoptac.foundation.database",
        "NAME": unquote(parts.path.lstrip("/")) or "hoptac",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=120s",
        },
        "TEST": {"NAME": os.environ.get("HOPTAC_TEST_DATABASE") or None},
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///hoptac"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ROOT_URLCONF = "hoptac.config.urls"
WSGI_APPLICATION = "hoptac.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "hoptac.foundation.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "ninja",
    "hoptac.foundation.audit",
    "hoptac.foundation.rulebook",
    "hoptac.foundation.transfers",
    "hoptac.foundation.numbering",
    "hoptac.foundation.documents",
    "hoptac.foundation.working_days",
    "hoptac.foundation.notices",
    "hoptac.ui",
    "hoptac.jurisdiction",
    "hoptac.registry",
    "hoptac.certificates",
    "hoptac.registration",
    "hoptac.governance",
    "hoptac.returns",
    "hoptac.cases",
    "hoptac.exchange",
    "hoptac.statistics",
    "hoptac.directives",
    "hoptac.tasks",
    "hoptac.committees",
    "hoptac.plans",
    "hoptac.reports",
    "hoptac.api",
    "hoptac.workspace",
]

MIDDLEWARE = [
    "hoptac.api.door.ApiDoor",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hoptac.foundation.accounts.middleware.CallerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hoptac.ui.middleware.ToldRefusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "hoptac.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "hoptac.ui.context_processors.shell",
            ],
        },
    }
]

# --- Language, time, numbers: Vietnamese is the default, the user's setting decides, never the browser.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["hoptac.config.formats"]
LOCALE_PATHS = [ROOT / "src" / "hoptac" / "locale"]

# --- Static files: served by the application server; every asset is vendored.
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# --- People and sessions.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "hoptac.foundation.accounts.passwords.NotGuessed"},
]
# Sign-in: by account name; accounts are made by an administrator, never by signing up. Tries are
# counted in the database before a password is hashed (accounts/throttle.py), not by the library.
ACCOUNT_ADAPTER = "hoptac.foundation.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "hoptac.foundation.accounts.adapters.ProviderAdapter"
MFA_ADAPTER = "hoptac.foundation.accounts.adapters.SecondFactorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# How many of our own proxies stand before the server, each adding to X-Forwarded-For.
TRUSTED_PROXIES = int(
    os.environ.get("HOPTAC_PROXIES", "1" if os.environ.get("HOPTAC_HTTPS") == "1" else "0")
)
# The provincial identity provider (OpenID Connect), where the installation has one. It signs in
# only people who have an account here, found by this claim (docs/admin.md).
OIDC_CLAIM = os.environ.get("HOPTAC_OIDC_CLAIM", "preferred_username")
SOCIALACCOUNT_PROVIDERS = {}
# A link, not a form: the policy for forms (form-action) names only ourselves.
SOCIALACCOUNT_LOGIN_ON_GET = True
if os.environ.get("HOPTAC_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "province",
                    "name": os.environ.get("HOPTAC_OIDC_NAME", "Tài khoản công vụ"),
                    "client_id": os.environ.get("HOPTAC_OIDC_CLIENT_ID", ""),
                    "secret": os.environ.get("HOPTAC_OIDC_SECRET", ""),
                    "settings": {"server_url": os.environ["HOPTAC_OIDC_ISSUER"]},
                }
            ],
        }
    }
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "hoptac.foundation.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hoptac.ui.views.csrf_failure"

# --- Headers.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSP_NONCE = NONCE

# History of people, mandates and units is only ever added to; the database sees to it.
PGHISTORY_APPEND_ONLY = True

# Where the journal's signed heads are kept, and the key that signs them (docs/admin.md, anchors).
ANCHORS = Path(os.environ.get("HOPTAC_ANCHORS", VAR / "anchors"))
ANCHOR_KEY = Path(os.environ.get("HOPTAC_ANCHOR_KEY", VAR / "anchor_key.pem"))

PROCRASTINATE_ON_APP_READY = None

# Where the keys lie that sign certificates, and the address at which anybody checks one: it is printed
# on each as https://host/c (docs/certificates.md).
CERTIFICATE_KEYS = Path(os.environ.get("HOPTAC_CERTIFICATE_KEYS", VAR / "certificate_keys"))
PUBLIC_URL = os.environ.get("HOPTAC_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

# The register belongs to one province; every root row carries its code.
PROVINCE_CODE = os.environ.get("HOPTAC_PROVINCE", "91")

# The national systems: where messages go, if anywhere (docs/exchange.md). Nothing is sent unless one
# of the two is named: the address of a service, or a folder for packages that people hand in.
EXCHANGE_URL = os.environ.get("HOPTAC_EXCHANGE_URL", "")
EXCHANGE_TOKEN = os.environ.get("HOPTAC_EXCHANGE_TOKEN", "")
EXCHANGE_FOLDER = os.environ.get("HOPTAC_EXCHANGE_FOLDER", "")

# E-mail to people (docs/admin.md): smtp://user:password@host:587, or smtps://…:465. Nothing is sent
# unless it is named; people are told in the system alone.
SMTP_URL = os.environ.get("HOPTAC_SMTP_URL", "")
MAIL_FROM = os.environ.get("HOPTAC_MAIL_FROM", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A signer whom no authority here vouches for is a finding shown on the page, not a trouble.
    "loggers": {"pyhanko": {"level": "CRITICAL"}, "pyhanko_certvalidator": {"level": "CRITICAL"}},
}
