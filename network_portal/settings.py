"""All settings, in one file, read from the environment (`.env.example` lists every variable).

Safe by default: without DEBUG or DEMO nothing starts with a weak or missing secret (network_portal/checks.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from network_portal.env import (
    database_from_url,
    embedded_values,
    env,
    env_bool,
    env_int,
    env_list,
    env_secret,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR") or BASE_DIR / "var")
VERSION = "0.1.0"

DEBUG = env_bool("DEBUG")
DEMO = env_bool("DEMO")

_embedded = embedded_values(VAR_DIR) if not env("DATABASE_URL") else {}
SECRET_KEY = env_secret("SECRET_KEY") or _embedded.get("SECRET_KEY", "")
DATABASE_URL = env_secret("DATABASE_URL") or _embedded.get("DATABASE_URL", "")
REDIS_URL = env_secret("REDIS_URL") or _embedded.get("REDIS_URL", "")
EMBEDDED_SERVERS = bool(_embedded)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG or DEMO else "")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

PORTAL_NAME = env("PORTAL_NAME", "Jejaring")
PORTAL_URL = env("PORTAL_URL", "http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "network_portal.core",
    "members",
    "catalog",
    "loans",
    "network_portal.pages",
    "network_portal.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "heroicons",
    "csp",
]

MIDDLEWARE = [
    "network_portal.core.floods.FloodMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "network_portal.core.request_log.RequestLogMiddleware",
    "network_portal.core.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "network_portal.core.middleware.PermissionsPolicyMiddleware",
    "network_portal.core.shared_cache.SharedCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "network_portal.core.middleware.RuleViolationMiddleware",
    "network_portal.core.middleware.NoNulMiddleware",
]

ROOT_URLCONF = "network_portal.urls"
WSGI_APPLICATION = "network_portal.wsgi.application"
ASGI_APPLICATION = "network_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network_portal.pages.context.portal",
            ],
        },
    },
    # For the few parts that stand on a page by the dozen; named where they are used (templates/**/*.jinja).
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "compiled",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "network_portal.core.compiled.environment"},
    },
]

DATABASES = {"default": database_from_url(DATABASE_URL or "postgres://unset@unset.invalid/unset")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "network_portal.core.cache.ForgetfulRedisCache",
        "LOCATION": REDIS_URL or "redis://unset.invalid",
        "KEY_PREFIX": "jejaring",
    }
}

# --- people -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "members:after_login"
LOGOUT_REDIRECT_URL = "pages:home"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FORM_CLASS = "members.forms_signup.SignupExtraForm"
ACCOUNT_FORMS = {
    "login": "members.forms_account.LoginForm",
    "signup": "members.forms_account.SignupForm",
    "add_email": "members.forms_account.AddEmailForm",
    "change_password": "members.forms_account.ChangePasswordForm",
    "set_password": "members.forms_account.SetPasswordForm",
    "reset_password": "members.forms_account.ResetPasswordForm",
    "reset_password_from_key": "members.forms_account.ResetPasswordKeyForm",
    "reauthenticate": "members.forms_account.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,8/10m/key", "signup": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# A code stays good for half a minute longer, for slow fingers and clocks that are a little off.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = PORTAL_NAME
# Staff (librarian and above) must set up a second factor before they see staff pages; off in the demo.
STAFF_MFA_REQUIRED = env_bool("STAFF_MFA_REQUIRED", not (DEBUG or DEMO))

# --- transport and cookies --------------------------------------------------------------------------------
SESSION_ENGINE = "network_portal.core.sessions"
SESSION_COOKIE_AGE = env_int("SESSION_HOURS", 24 * 7) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "network_portal.pages.errors.csrf_failed"
HTTPS = env_bool("HTTPS", not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env_bool("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The proxy appends the caller's address to X-Forwarded-For; whatever stood there before is hearsay.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Token buckets (network_portal/core/ratelimit.py); load tests switch them off.
RATE_LIMITS = env_bool("RATE_LIMITS", True)
# Harvest addresses and other user-given URLs must not lead into the private network, but for named hosts.
ALLOW_PRIVATE_ADDRESSES = env_bool("ALLOW_PRIVATE_ADDRESSES")

# --- language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "network_portal" / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env("TIME_ZONE", "Asia/Jakarta")
USE_I18N = USE_TZ = True

# --- files ------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("handbook", BASE_DIR / "docs" / "handbook" / "img")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env("MEDIA_DIR") or VAR_DIR / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_PERMISSIONS = 0o640
# The largest catalogue file that is read, after decompression, and the largest answer that is fetched.
SOURCE_MAX_BYTES = env_int("SOURCE_MAX_BYTES", 8 * 1024**3)
# How long a loading keeps its worker while others wait; then it goes to the end of the queue.
HARVEST_SLICE_SECONDS = env_int("HARVEST_SLICE_SECONDS", 300)
# Folders from which a source of kind "path" may be read by people in the browser; the command line may read any.
SOURCE_PATH_ROOTS = [Path(p) for p in env_list("SOURCE_PATH_ROOTS")] or [VAR_DIR / "sources"]

# Scanned copies: the largest file, how many make a copy, how much is sent at once, how often and how long the reader's
# link opens, and how long an upload may pause before what came is thrown away.
COPY_MAX_BYTES = env_int("COPY_MAX_BYTES", 200 * 1024**2)
COPY_MAX_FILES = env_int("COPY_MAX_FILES", 20)
COPY_CHUNK = 2 * 1024**2
COPY_BIND_MAX_BYTES = 64 * 1024**2  # scans together; larger ones go out beside their cover, not behind it
COPY_LINK_VIEWS = env_int("COPY_LINK_VIEWS", 5)
COPY_LINK_DAYS = env_int("COPY_LINK_DAYS", 14)
UPLOAD_TTL_HOURS = 48

# Cover pictures, fetched by the server and kept; empty: every cover is drawn. {isbn} or {isbn10} stands in the address.
COVER_URL = env("COVER_URL")
# Where the provider may send us on to for a picture; ".example.org" stands for all hosts below it.
COVER_HOSTS = env_list("COVER_HOSTS")
# How many are asked for in a minute, so that the provider need not shut us out.
COVER_PER_MINUTE = env_int("COVER_PER_MINUTE", 20)

# Django's own admin, for superusers only; staff work happens in the portal's pages.
ADMIN_ENABLED = env_bool("ADMIN_ENABLED")

SEARCH_ENGINE = env("SEARCH_ENGINE", "tantivy")
SEARCH_INDEX_DIR = Path(env("SEARCH_INDEX_DIR") or VAR_DIR / "index")

# What was searched is shown if so many different sessions of one day asked it; the rest loses its words at night.
USAGE_LEAST_ASKERS = env_int("USAGE_LEAST_ASKERS", 3)

# --- mail -------------------------------------------------------------------------------------------------
EMAIL_HOST = env("EMAIL_HOST")
EMAIL_PORT = env_int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "jejaring@localhost")
# Without a mail server (demo, development) each mail becomes a file that can be read.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- background work --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "redis://unset.invalid"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 6 * 3600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7 * 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ROUTES = {
    "catalog.tasks_index.*": {"queue": "index"},
    "catalog.tasks.run_source": {"queue": "harvest"},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "send-mail": {"task": "core.send_mail", "schedule": 10.0},
    "people-imports": {"task": "members.tasks_people.imports_go_on", "schedule": 60.0},
    # In UTC: 00.50 in Jakarta.
    "people-forget": {"task": "members.tasks_people.forget", "schedule": crontab(hour=17, minute=50)},
    "news-mails": {"task": "members.tasks_knowledge.mail_news", "schedule": 60.0},
    # In UTC: 05.30 in Jakarta.
    "question-digests": {
        "task": "members.tasks_knowledge.send_digests",
        "schedule": crontab(hour=22, minute=30),
    },
    "knowledge-files": {
        "task": "members.tasks_knowledge.sweep_files",
        "schedule": crontab(hour=18, minute=35),
    },
    "dispatch-sources": {"task": "catalog.tasks.dispatch_sources", "schedule": 30.0},
    "dispatch-probes": {"task": "catalog.tasks.dispatch_probes", "schedule": 3600.0},
    "index-dirty": {"task": "catalog.tasks_index.index_dirty", "schedule": 5.0},
    # In UTC: 02.10 in Jakarta.
    "loan-anonymise": {"task": "loans.tasks.anonymise", "schedule": crontab(hour=19, minute=10)},
    "loan-timers": {"task": "loans.tasks.expire_attempts", "schedule": 60.0},
    "loan-overdue": {"task": "loans.tasks.remind_overdue", "schedule": 3600.0},
    "loan-offers": {"task": "loans.tasks_routing.close_offers", "schedule": 60.0},
    "loan-rings": {"task": "loans.tasks_routing.tend_rings", "schedule": 60.0},
    "network-previews": {"task": "loans.tasks_modelling.preview_waiting", "schedule": 60.0},
    "loan-stats": {"task": "loans.tasks_routing.refresh_stats", "schedule": 3600.0},
    "loan-figures": {"task": "loans.tasks_figures.refresh_figures", "schedule": crontab(minute=4)},
    "limits": {"task": "loans.tasks_balance.tell_limits", "schedule": crontab(minute=24)},
    "balance-latest": {"task": "loans.tasks_balance.count_balance", "schedule": crontab(minute=14)},
    # In UTC: 02.20 in Jakarta.
    "balance-all": {
        "task": "loans.tasks_balance.count_balance",
        "schedule": crontab(hour=19, minute=20),
        "kwargs": {"full": True},
    },
    "loan-balances": {
        "task": "loans.tasks_routing.rebuild_balances",
        "schedule": crontab(hour=19, minute=40),
    },
    # On the first of a month in UTC, well after midnight in Jayapura.
    "loan-statements": {
        "task": "loans.tasks_money.make_statements",
        "schedule": crontab(day_of_month=1, hour=20, minute=0),
    },
    "copy-purge": {"task": "loans.tasks_copies.purge_copies", "schedule": 3600.0},
    "copy-evidence": {"task": "loans.tasks_copies.delete_evidence", "schedule": crontab(hour=18, minute=50)},
    "headings": {"task": "catalog.tasks_browsing.keep_headings", "schedule": 30.0},
    "count-uses": {"task": "catalog.tasks_browsing.count_uses", "schedule": 60.0},
    "standing": {"task": "members.tasks_standing.look_after", "schedule": crontab(minute=2)},
    # In UTC: 06.30 in Jakarta, so that a warning stands at the top of the morning's mail.
    "agreements": {"task": "members.tasks_agreements.look_after", "schedule": crontab(hour=23, minute=30)},
    # In UTC: 00.20 in Jakarta, when the day that is looked at is over.
    "forget-rare": {"task": "catalog.tasks_browsing.forget_rare", "schedule": crontab(hour=17, minute=20)},
    "covers": {"task": "catalog.tasks_covers.fetch_wanted", "schedule": 15.0},
    "cover-sweep": {"task": "catalog.tasks_covers.sweep", "schedule": crontab(hour=18, minute=30)},
    "new-titles": {"task": "catalog.tasks_saved.send_alerts", "schedule": 300.0},
    "guest-lists": {"task": "catalog.tasks_lists.clear_guest_lists", "schedule": crontab(hour=18, minute=10)},
    # In UTC: 01.40 in Jakarta, 03.40 in Jayapura.
    "weeding-checks": {"task": "catalog.tasks_acquiring.checks_resume", "schedule": 60.0},
    # In UTC: 04.40 in Jakarta.
    "wanted-titles": {
        "task": "catalog.tasks_acquiring.wanted_nightly",
        "schedule": crontab(hour=21, minute=40),
    },
    "nightly-overlap": {
        "task": "catalog.tasks_reports.nightly_overlap",
        "schedule": crontab(hour=18, minute=40),
    },
    "nightly-quality": {
        "task": "catalog.tasks_reports.nightly_quality",
        "schedule": crontab(hour=18, minute=50),
    },
    "nightly-purge": {"task": "catalog.tasks.purge_deleted", "schedule": crontab(hour=18, minute=20)},
}

# --- logs -------------------------------------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOG_LEVEL = env("LOG_LEVEL", "INFO")
_json_logs = env_bool("LOG_JSON", not DEBUG)
_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if _json_logs
            else structlog.dev.ConsoleRenderer(),
            "foreign_pre_chain": _processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # One line when a request comes and one when it is answered, with its id; too much for a terminal.
        "django_structlog": {"level": "WARNING" if DEBUG else LOG_LEVEL},
        "django.server": {"level": "WARNING", "handlers": ["console"], "propagate": False},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

# No operation of the API is open by accident: each names its own permissions.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
