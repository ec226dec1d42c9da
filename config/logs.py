"""One JSON line per log record on stdout, ours and Django's alike. Owns the shape of a line, not what is logged.

structlog has its door here and in `tenants.middleware.request_log`, which binds the request id and the tenant.
"""

import logging.config
from typing import Any

import orjson
import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _dumps(value: Any, default: Any = str, **_: Any) -> bytes:
    return orjson.dumps(value, default=default)


def logging_config(level: str, *, cache: bool = True) -> None:
    """Sends every record at `level` (a name such as INFO) and above to stdout as one JSON object.

    `cache` keeps each logger with the stream it had first; tests exchange the stream and switch it off.
    """
    structlog.configure(
        processors=[*SHARED, structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=cache,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [*SHARED, structlog.stdlib.add_logger_name],
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        structlog.processors.JSONRenderer(lambda value, **kw: _dumps(value, **kw).decode()),
                    ],
                }
            },
            "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
            "root": {"handlers": ["stdout"], "level": level},
            # Our request log already says it, with the tenant and without the traceback of an ordinary 404.
            "loggers": {"django.request": {"level": "ERROR"}},
        }
    )
