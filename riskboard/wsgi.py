"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from riskboard import structs, tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
tracing.start("web")
application = get_wsgi_application()
_ = (
    get_resolver().url_patterns
)  # every view is loaded before the first request, which may be a monitor's with a deadline
structs.build_all()
