"""gunicorn's settings for production: `gunicorn -c deploy/gunicorn.conf.py riskboard.wsgi`. Each may be set from outside."""

import os

from riskboard import logs

bind = os.environ.get("RISKBOARD_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("RISKBOARD_WEB_PROCESSES", "2"))
threads = int(os.environ.get("RISKBOARD_WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
max_requests, max_requests_jitter = 2000, 200  # a process that leaks is replaced before it matters
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn's heartbeat file; a slow disk there stops healthy workers
forwarded_allow_ips = os.environ.get("RISKBOARD_PROXY_ADDRESSES", "127.0.0.1")  # who may say X-Forwarded-Proto
logconfig_dict = logs.configuration(
    as_json=os.environ.get("RISKBOARD_LOG", "json") == "json", level=os.environ.get("RISKBOARD_LOG_LEVEL", "WARNING")
)
