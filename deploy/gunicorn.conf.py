"""gunicorn in production; WEB_PROCESSES × WEB_THREADS is the number of database connections it may hold."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")  # the image says 0.0.0.0: there the proxy is a neighbour
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8")) // workers or 1
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat file on a disk can block the worker
keepalive = 5  # seconds; longer than the proxy keeps a connection (deploy/nginx.conf), so that only the proxy ends it
timeout = 60  # seconds without a sign of life after which a process is ended
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True  # it would lie in the home folder, which is read-only
accesslog = None  # it would name addresses; the site logs each request by route, with its id
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")


class Json(logging.Formatter):
    """gunicorn's own lines look like the site's; in the parent, where none of the site's code is loaded."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | {"timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")}, ensure_ascii=False)


logconfig_dict = {
    "formatters": {"json": {"()": Json}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}


def on_starting(server: object) -> None:
    """Refuse to start with one sentence. A program of its own, so that a reload still reads new code."""
    folder = Path(__file__).resolve().parent.parent
    if code := subprocess.run([sys.executable, "manage.py", "check_start"], cwd=folder).returncode:
        sys.exit(code)
