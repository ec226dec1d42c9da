"""Django settings. Every value that differs between installations comes from the environment (README, "Settings").

Outside development the process refuses to start on a missing or a published secret: an installation that runs at all is
not running on keys that anybody can read in this file.
"""

import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEVELOPMENT = env.bool("DEVELOPMENT", default=False)
DEBUG = env.bool("DEBUG", default=False)

# Published in the repository, so worthless as secrets: accepted in development only.
DEVELOPMENT_SECRET_KEY = "development-only-secret-key-published-in-the-repository-never-use-it"
DEVELOPMENT_KEY_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktcHVibGlzaGVkISE="


def _secret(name: str, development_value: str) -> str:
    """The secret `name` from the environment; the published value in development only."""
    value: str = env.str(name, default=development_value if DEVELOPMENT else "")
    if not DEVELOPMENT and (not value or development_value in value.split(",")):
        raise ImproperlyConfigured(
            f"Set {name} to a secret of your own (README, 'Settings', shows how to make one), "
            "or DEVELOPMENT=true on a machine that only you use."
        )
    return value


SECRET_KEY = _secret("SECRET_KEY", DEVELOPMENT_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
KEY_ENCRYPTION_KEYS = [
    key.strip() for key in _secret("KEY_ENCRYPTION_KEYS", DEVELOPMENT_KEY_ENCRYPTION_KEY).split(",") if key.strip()
]

# Hosts are data (tenants.Domain) and judged by TenantMiddleware, which answers 404 to a host that it does not know.
ALLOWED_HOSTS = ["*"]
CONSOLE_HOSTS = [host.lower() for host in env.list("CONSOLE_HOSTS", default=[])]
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "config.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    # For its copy of Swagger UI, which the page /api/v2/docs serves from our own origin.
    "drf_spectacular_sidecar",
    # Ours before oauth2_provider, so that a command of ours shadows one of the toolkit's.
    "authserver",
    "apis",
    "tenants",
    "oauth2_provider",
]

# The token path pays for the first ones only; those below TenantMiddleware step aside unless the console is asked for.
MIDDLEWARE = [
    "tenants.middleware.request_log.RequestLogMiddleware",
    "tenants.middleware.pages.SecurityMiddleware",
    "tenants.middleware.pages.XFrameOptionsMiddleware",
    "tenants.middleware.pages.CSPMiddleware",
    "tenants.middleware.tenant.TenantMiddleware",
    "tenants.middleware.pages.WhiteNoiseMiddleware",
    "tenants.middleware.pages.SessionMiddleware",
    "tenants.middleware.pages.CommonMiddleware",
    "tenants.middleware.pages.CsrfViewMiddleware",
    "tenants.middleware.pages.AuthenticationMiddleware",
    "tenants.middleware.pages.MessageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
# An issuer is a host without a path, so nothing is ever mounted below one; saying so spares Django the search.
FORCE_SCRIPT_NAME = ""

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Storage -----------------------------------------------------------------------------------------------------------
if not env.str("DATABASE_URL", default=""):
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'latchkey.sqlite3'}")}
DATABASES["default"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Several worker processes share the file: readers never wait (WAL), writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")

# --- Operators, sessions, passwords --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.Operator"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# Cookies need https. `make run` serves plain http on loopback, which only development may do.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_NAME = "latchkey_console" if DEVELOPMENT else "__Host-latchkey_console"
CSRF_COOKIE_NAME = "latchkey_csrf" if DEVELOPMENT else "__Host-latchkey_csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0 if DEVELOPMENT else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
# Nothing to other sites. With "no-referrer" a browser says `Origin: null` even to us, and no form passes the CSRF check.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
# A client grant's page has a box for each permission of its API, of which there are up to 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- django-oauth-toolkit: the record layer only (README, decision 1) ----------------------------------------------------
OAUTH2_PROVIDER_APPLICATION_MODEL = "apis.Application"
OAUTH2_PROVIDER_GRANT_MODEL = "authserver.AuthorizationCode"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "authserver.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "authserver.RefreshToken"
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "authserver.IDToken"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "authserver.DeviceCode"
OAUTH2_PROVIDER = {
    "PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

SILENCED_SYSTEM_CHECKS = [
    # Look for Django's own middleware by name; ours are subclasses of it (tenants.middleware.pages).
    "security.W001",
    "security.W002",
    "security.W003",
    # SECURE_SSL_REDIRECT: plain http to an https domain is answered 421, not redirected, because a secret may be in it.
    "security.W008",
    # HSTS for subdomains and preload are an admin's decision: other services may live on them.
    "security.W005",
    "security.W021",
    # The toolkit's redirect URI schemes: http is allowed on loopback only, by apis.redirect_uris.
    "oauth2_provider.W008",
]

REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "tenants.rest.openapi.schema.ManagementSchema",
}
# What the Management API's document says stands in tenants.rest.openapi; here is how its shapes are read.
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "",
    "COMPONENT_SPLIT_REQUEST": True,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
}

# --- Events and logs -----------------------------------------------------------------------------------------------------
AUDIT_FLUSH_SECONDS = env.float("AUDIT_FLUSH_SECONDS", default=1.0)
AUDIT_QUEUE_LIMIT = env.int("AUDIT_QUEUE_LIMIT", default=50_000)
LOG_RETENTION_DAYS = env.int("LOG_RETENTION_DAYS", default=30)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOGGING_CONFIG = None
logging_config(LOG_LEVEL)

# --- Management API ------------------------------------------------------------------------------------------------------
# Calls a minute that one application may make to a tenant's /api/v2/; 0: as many as it likes.
MANAGEMENT_API_REQUESTS_PER_MINUTE = env.int("MANAGEMENT_API_REQUESTS_PER_MINUTE", default=0 if DEVELOPMENT else 3_000)

# --- Dynamic client registration -------------------------------------------------------------------------------------------
# Applications of a tenant that registered themselves and were never used: beyond so many, none can register.
DYNAMIC_REGISTRATION_QUOTA = env.int("DYNAMIC_REGISTRATION_QUOTA", default=1_000)

# --- Pages ---------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Those that people see; the texts stand in locale/. The console speaks English.
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ja", "日本語"),
    ("ar", "العربية"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Django's own finders serve static files while developing or testing; production serves hashed, compressed copies.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT or "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
