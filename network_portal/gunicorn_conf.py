"""How gunicorn serves the portal; used by the demo, the container and the Procfile alike."""

from __future__ import annotations

import os
from pathlib import Path

bind = os.environ.get("WEB_BIND") or "127.0.0.1:8000"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
# Loaded once, before the processes part: less memory, and a broken import stops the start instead of each worker.
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
# A fresh process now and then keeps memory flat; the jitter keeps them from leaving all at once.
max_requests = 5000
max_requests_jitter = 500
# Workers tell that they live by touching a file; on a slow disk that touch would look like a hang.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None  # noqa: S108
accesslog = None  # the structured request log has the same and the request id
errorlog = "-"
control_socket_disable = True
