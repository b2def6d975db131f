"""gunicorn in production; WEB_PROCESSES × WEB_THREADS is the number of database connections it may hold."""

import os

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8")) // workers or 1
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat file on a disk can block the worker
graceful_timeout = 30
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-"
forwarded_allow_ips = os.environ.get("PROXY_ADDRESSES", "127.0.0.1")
