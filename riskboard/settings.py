"""The one settings file. Every difference between deployments is an environment variable (docs/operations.md)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from riskboard import embedded, logs
from riskboard.env import (
    BASE_DIR,
    allowed_hosts,
    env,
    is_production,
    old_secret_keys,
    secret,
    secret_key,
    sign_in_origins,
    single_sign_on,
    var_dir,
)
from riskboard.fonts import font_dir

VAR_DIR = var_dir()
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and is_production():
    raise ImproperlyConfigured("DEBUG shows secrets to visitors; it cannot be on in production")
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = old_secret_keys()
ALLOWED_HOSTS = allowed_hosts()
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8765")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # the pages of sessions and passkeys say "an hour ago"
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "riskboard.accounts.apps.AccountsConfig",
    "riskboard.jobs",
    "vendors.apps.VendorsConfig",
    "assessments.apps.AssessmentsConfig",
]
MIDDLEWARE = [
    "riskboard.logs.requests",
    "riskboard.health.safe_headers",
    "riskboard.health.api_by_tls",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "riskboard.health.probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "riskboard.languages.ChosenLanguage",  # after sign-in: what a person chose goes first
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "riskboard.accounts.access.AccessMiddleware",
    "riskboard.uploads.refuse_what_is_too_large",
    "assessments.api.idempotency.IdempotencyMiddleware",
    "riskboard.pages.worded",
]
CSRF_FAILURE_VIEW = "riskboard.pages.form_refused"
ROOT_URLCONF = "riskboard.urls"
WSGI_APPLICATION = "riskboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "riskboard.accounts.context.account",
                "assessments.waiting.finished",
            ],
        },
    }
]

DATABASE_URL = secret("DATABASE_URL", default=None if is_production() else f"sqlite:///{VAR_DIR / 'riskboard.sqlite3'}")
if DATABASE_URL is None:
    raise ImproperlyConfigured("DATABASE_URL must be set in production, like postgresql://user:password@host/name")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",  # writers queue instead of failing half-way
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that is gone is noticed in seconds, not in the kernel's quarter of an hour.
    noticed = {"connect_timeout": 5, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}
    noticed["tcp_user_timeout"] = 10_000
    DATABASES["default"]["OPTIONS"] = noticed | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and sign-in throttles hold across web processes without another service: the table is made by a migration.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "riskboard_cache"}}

# People (docs/operations.md, "Accounts")
OPEN_ON_THIS_MACHINE = env.bool(
    "RISKBOARD_OPEN", default=not is_production()
)  # until the first account exists (ADR 12)
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
    ),
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "riskboard.accounts.passwords.ContextWords"},
    {"NAME": "riskboard.accounts.passwords.Breached"},
]
_breached = env.str("RISKBOARD_BREACHED_PASSWORDS", default="")
BREACHED_PASSWORDS = Path(_breached) if _breached else None  # a file; see riskboard/accounts/passwords.py
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
ACCOUNT_ADAPTER = "riskboard.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "riskboard.accounts.adapter.SocialAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by its invitation
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser at the latest
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("RISKBOARD_PROXIES", default=0)  # how many of ours add to X-Forwarded-For
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not is_production()  # localhost has no certificate
MFA_TOTP_ISSUER = "Riskboard"
USERSESSIONS_TRACK_ACTIVITY = False
SSO_DOMAINS = env.list("RISKBOARD_SSO_DOMAINS", default=[])
SSO_ACR = env.list(
    "RISKBOARD_OIDC_ACR", default=[]
)  # how a provider must say that it asked for enough; none: any sign-in
SSO_HOURS = env.float("RISKBOARD_SSO_HOURS", default=0.0)  # a session begun there ends so long after; 0: as any other
SOCIALACCOUNT_STORE_TOKENS = False  # used once, for the address and name
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = single_sign_on()
if "saml" in SOCIALACCOUNT_PROVIDERS:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
SESSION_COOKIE_AGE = 604_800  # a week at the longest; twelve idle hours end it earlier (accounts/access.py)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Mail, like smtp+tls://user:password@host:587; none: nothing is mailed, and a channel by mail says so
EMAIL_URL = secret("EMAIL_URL")
CAN_MAIL = EMAIL_URL is not None
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("RISKBOARD_MAIL_FROM", default="riskboard@localhost")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]  # each named as its speakers name it
LOCALE_PATHS = [BASE_DIR / "locale"]  # filled by `make messages`, compiled by scripts/setup.sh
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # empty unless collectstatic was run; whitenoise wants it to exist
STATICFILES_DIRS = [BASE_DIR / "riskboard" / "static", ("fonts", font_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not is_production()
MEDIA_ROOT = Path(env.str("RISKBOARD_MEDIA", default=str(VAR_DIR / "media")))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *sign_in_origins()],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # read by nothing; forms carry the token
HTTPS = env.bool("RISKBOARD_HTTPS", default=is_production())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# With this prefix a browser takes cookies from this very host over TLS, and from no neighbour in its domain.
_OURS = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_OURS}sessionid", f"{_OURS}csrftoken"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [  # asked by the process's address, inside; a program that speaks plainly is refused (health.api_by_tls)
    r"^(healthz|readyz(/web)?|metrics)$",
    r"^api/",
]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["assessments.api.access.StrictJSON"],
    "URL_FORMAT_OVERRIDE": None,  # there is one format, and a parameter of that name is a filter's own
    "DEFAULT_AUTHENTICATION_CLASSES": ["assessments.api.access.ByWho"],
    "DEFAULT_PERMISSION_CLASSES": [],  # AccessMiddleware has settled it before any view runs
    "DEFAULT_PAGINATION_CLASS": "assessments.api.access.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["assessments.api.access.ByAsker"],
    "DEFAULT_THROTTLE_RATES": {"api": env.str("RISKBOARD_API_RATE", default="300/min")},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "assessments.api.access.problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Riskboard",
    "DESCRIPTION": "Cloud vendor risk, recomputable from public evidence. Null means not known, never zero.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "ChannelKind": "assessments.models.ChannelKind",
        "ShareKind": "assessments.models.ShareKind",
        "ReportKind": "assessments.models.report.KINDS",
        "Role": "riskboard.accounts.models.Role",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "assessments.api.schema.plan_types",
        "assessments.api.schema.refusals",
    ],
}

# Celery: the broker wakes, job rows in the database are the truth (docs/adr/0005).
BROKER_URL = secret("RISKBOARD_BROKER_URL", default=None if is_production() else embedded.broker_url(VAR_DIR))
if BROKER_URL is None:
    raise ImproperlyConfigured("RISKBOARD_BROKER_URL must be set in production, like redis://host:6379/0")
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int(
        "RISKBOARD_VISIBILITY_TIMEOUT", default=240
    ),  # more than twice the longest hard limit
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "max_retries": 0,  # telling a dead broker fails at once instead of after six seconds; workers reconnect regardless
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 110
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "score"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False  # a dead broker must not hold up a request: the tick wakes the row later
JOB_LEASE_SECONDS = env.float("RISKBOARD_LEASE_SECONDS", default=30.0)  # silence after which a worker counts as dead
JOB_REWAKE_SECONDS = env.float(
    "RISKBOARD_REWAKE_SECONDS", default=60.0
)  # after which an unheard wake-up counts as lost
TICK_SECONDS = env.float("RISKBOARD_TICK_SECONDS", default=5.0)
POLL_TICK_SECONDS = env.float("RISKBOARD_POLL_TICK_SECONDS", default=30.0)
KEEP_SNAPSHOTS_DAYS = env.int(
    "RISKBOARD_KEEP_DAYS", default=400
)  # raw answers; those an assessment cites stay for good
KEEP_LOOKS_DAYS = env.int("RISKBOARD_KEEP_LOOKS_DAYS", default=3)  # rows of looks at pages, the most by far
KEEP_JOBS_DAYS = env.int("RISKBOARD_KEEP_JOBS_DAYS", default=60)  # rows of jobs that ended
CELERY_BEAT_SCHEDULER = "riskboard.jobs.beating:SteadyScheduler"
CELERY_BEAT_SCHEDULE = {
    "wake due jobs": {
        "task": "riskboard.jobs.tick",
        "schedule": TICK_SECONDS,
        "options": {"queue": "notify", "expires": 20},
    },
    "tell what is new": {
        "task": "assessments.tell",
        "schedule": env.float("RISKBOARD_TELL_SECONDS", default=60.0),
        "options": {"queue": "notify", "expires": 50},
    },
    "poll due pages": {
        "task": "vendors.poll_due",
        "schedule": POLL_TICK_SECONDS,
        "options": {"queue": "notify", "expires": 25},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

LOGGING = logs.configuration(
    as_json=env.str("RISKBOARD_LOG", default="json" if is_production() else "line") == "json",
    level=env.str("RISKBOARD_LOG_LEVEL", default="WARNING"),
)
_backups = env.str("RISKBOARD_BACKUPS", default="")
BACKUPS = Path(_backups) if _backups else None  # the folder `riskboard backup` writes into, and doctor looks at
BACKUP_RECIPIENTS = env.list("RISKBOARD_BACKUP_RECIPIENTS", default=[])  # public keys backups are encrypted to
BACKUP_HOURS = env.float("RISKBOARD_BACKUP_HOURS", default=24.0)  # the RPO: an older newest backup is told of
LINK_RATE = env.str("RISKBOARD_LINK_RATE", default="60/min")  # for each address, of pages that links open
IMPORT_RATE = env.str("RISKBOARD_IMPORT_RATE", default="10/hour")  # files one person or token brings in
REPORT_RATE = env.str("RISKBOARD_REPORT_RATE", default="3/10s, 20/hour")  # reports one person or token asks for
METRICS_TOKEN = secret("RISKBOARD_METRICS_TOKEN", default="") or ""  # none: /metrics is not there
