"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from riskboard import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
tracing.start("web")
application = get_wsgi_application()
