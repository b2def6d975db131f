"""Log lines say what went wrong, not to whom: addresses and the values of refused rows are left out.

Production writes one JSON object a line, `make run` lines to read. Each carries the id of its request, which goes along
with the tasks that the request queues.
"""

from __future__ import annotations

import logging
import logging.config
import re
import uuid
from typing import Any

import structlog
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import EventDict

ADDRESS = re.compile(r"[^\s@'\"<>(),;:=]+@[^\s@'\"<>(),;:=]+")
VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)  # PostgreSQL quotes the row after these
LONGEST = 20_000
GOOD_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def discreet(text: str) -> str:
    if len(text) > LONGEST:  # a traceback ends with what happened
        text = f"{text[: LONGEST // 2]}\n(left out)\n{text[-LONGEST // 2 :]}"
    return ADDRESS.sub("(address)", VALUES.sub(r"\1: (left out)", text))


class Discreet(logging.Formatter):
    """The whole line as it is about to be written, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        line = discreet(super().format(record))
        return f"{line} [{known}]" if (known := get_contextvars().get("request_id")) else line


class ByRoute(logging.Filter):
    """Django names the path of a request that failed; paths hold links of mails, so the route stands for them."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(record.args, tuple) and (path := getattr(request, "path", None)):
            match = getattr(request, "resolver_match", None)
            route = match.view_name if match else "(no route)"
            record.args = tuple(route if value == path else value for value in record.args)
        return True


def _discreet_values(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {key: discreet(value) if isinstance(value, str) else value for key, value in event.items()}


class Json(structlog.stdlib.ProcessorFormatter):
    """One object a line; whatever a library logs goes the same way."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        super().__init__(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(allow=["route", "status", "milliseconds", "method"]),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _discreet_values,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )


def begin(request_id: str | None) -> str:
    """From now on the lines of this thread carry the id, if it is one; else a new one."""
    known = request_id if request_id and GOOD_ID.fullmatch(request_id) else uuid.uuid4().hex
    clear_contextvars()
    bind_contextvars(request_id=known)
    return known


def end() -> None:
    clear_contextvars()


@before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (known := get_contextvars().get("request_id")):
        headers["request_id"] = known


@task_prerun.connect
def take_over(task: Any = None, task_id: str = "", **_: Any) -> None:
    """In a worker: the id of the request that queued the task; beat's tasks get their own. Eager tasks keep theirs."""
    if not task.request.is_eager and not task.request.called_directly:
        begin(task.request.get("request_id"))
        bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def let_go(task: Any = None, **_: Any) -> None:
    if not task.request.is_eager and not task.request.called_directly:
        clear_contextvars()


@setup_logging.connect
def configure(loglevel: int | str | None = None, **_: Any) -> None:
    """Celery leaves the logs as Django has set them, but for the level of its command line."""
    logging.config.dictConfig(settings.LOGGING)
    if loglevel:
        logging.getLogger().setLevel(loglevel)
