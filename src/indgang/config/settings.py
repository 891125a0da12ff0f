"""Settings, from the environment; every name that may be set is listed in docs/operations.md."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from indgang.config import secrets
from indgang.config.own_address import own_address
from indgang.foundation.database import embedded
from indgang.foundation.database.address import database_settings

PACKAGE = Path(__file__).resolve().parent.parent
HOME = embedded.home()
EMBEDDED = not os.environ.get("DATABASE_URL")

# The address people use; everything secure follows from whether it is https.
BASE_URL = own_address(HOME)
HTTPS = BASE_URL.startswith("https://")
DEBUG = False
SECRET_KEY = secrets.secret("django")
VAULT_KEY = secrets.secret("vault")
LINK_KEY = secrets.secret("links")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# A demonstration or a test may play another day; a server with real people may not.
CLOCK_STARTS_AT = parse_datetime(os.environ.get("INDGANG_CLOCK", "")) if os.environ.get("INDGANG_CLOCK") else None
if os.environ.get("INDGANG_CLOCK") and (CLOCK_STARTS_AT is None or CLOCK_STARTS_AT.tzinfo is None):
    raise ImproperlyConfigured("INDGANG_CLOCK must be a time with offset, such as 2026-12-08T08:30:00+01:00")
CLOCK_SINCE = float(os.environ.get("INDGANG_CLOCK_SINCE", "0"))
if CLOCK_STARTS_AT and not EMBEDDED:
    raise ImproperlyConfigured("INDGANG_CLOCK is refused on a DATABASE_URL server")

INSTALLED_APPS = [
    "indgang.config",
    "indgang.workspace",
    "indgang.operations.guidance",
    "indgang.operations.reception",
    "indgang.registers.parties",
    "indgang.foundation.ui",
    "indgang.foundation.imports",
    "indgang.foundation.mail",
    "indgang.foundation.jobs",
    "indgang.foundation.files",
    "indgang.foundation.privacy",
    "indgang.foundation.journal",
    "indgang.foundation.vault",
    "indgang.foundation.access",
    "indgang.foundation.identity",
    "indgang.foundation.places",
    "indgang.foundation.identifiers",
    "indgang.foundation.database",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "indgang.config.problems.HeadMiddleware",
    "indgang.config.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "indgang.foundation.access.middleware.ActorMiddleware",
]

ROOT_URLCONF = "indgang.config.urls"
CSRF_FAILURE_VIEW = "indgang.config.errors.no_csrf"
WSGI_APPLICATION = "indgang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "indgang.foundation.ui.context.frame",
                "indgang.config.navigation.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "indgang.foundation.ui.templatetags.components",
                "indgang.foundation.ui.templatetags.words",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database_settings(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all processes: allauth counts log-in attempts and used codes there.
# `near` and `parts` are each process's own: what is worked out often and stale within seconds, such as waiting times, and whole parts of
# pages, which are long, so that only the latest are kept.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "near": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "near", "OPTIONS": {"MAX_ENTRIES": 5_000}},
    "parts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "parts", "OPTIONS": {"MAX_ENTRIES": 100}},
}

# The region that public pages speak for where several are loaded; by default the first that has an operator.
REGION = os.environ.get("INDGANG_REGION", "")

# Languages: a page is complete in each of these.
LANGUAGE_CODE = "en"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
FORMAT_MODULE_PATH = ["indgang.foundation.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
NODE_MODULES = Path(os.environ.get("INDGANG_NODE_MODULES") or PACKAGE.parent.parent / "node_modules")
STATICFILES_DIRS = [("dkfds", NODE_MODULES / "dkfds" / "dist"), ("htmx", NODE_MODULES / "htmx.org" / "dist")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "indgang.foundation.ui.static_files.Storage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "indgang.foundation.ui.static_files.PackageFinder",
]
WHITENOISE_USE_FINDERS = False

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my-day/"
ACCOUNT_ADAPTER = "indgang.config.login.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers because somebody typed their address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # no box to tick: twelve hours, or until the browser closes
ACCOUNT_FORMS = {"login": "indgang.foundation.identity.forms.LoginForm"}
MFA_ADAPTER = "indgang.config.login.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Indgang"
MFA_TOTP_TOLERANCE = 1  # a code is typed slowly, and a telephone's clock is some seconds off (RFC 6238, 5.2: one step at most)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up; otherwise whoever asked for a new password could never set up codes

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_SSL_REDIRECT = False  # the proxy in front does that (docs/operations.md)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # whose log-in attempts are counted: the address that the proxy saw
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Nothing about our addresses leaves for other sites. ("no-referrer" would blank the Origin of our own forms, which the CSRF check needs.)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

SMTP_URL = os.environ.get("INDGANG_SMTP_URL", "")
MAIL_FROM = os.environ.get("INDGANG_MAIL_FROM", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 26 * 60 * 60}  # a nightly job that the machine slept through is made up for
TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "indgang.config.logs.Scrubbed", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"indgang": {"level": "INFO"}},
}
