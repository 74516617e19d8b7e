"""The log file: what happened, for the one who helps; never a secret."""

import logging
import logging.handlers
import re
from pathlib import Path

_SECRET = re.compile(
    r"(?i)(bearer\s+|[\"']?(?:client_secret|access_token|refresh_token|password)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}&]+"
)


class Redacting(logging.Formatter):
    """Formats a record without bearer tokens, secrets and passwords, whoever logged it."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1***", super().format(record))


def start(folder: Path, level: int = logging.INFO) -> None:
    """Log to `folder`/lwdesk.log, five files of 1 MB at the most."""
    handler = logging.handlers.RotatingFileHandler(
        folder / "lwdesk.log", maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("lwdesk").addHandler(handler)
    logging.getLogger("lwdesk").setLevel(level)
    logging.getLogger("lwdesk").propagate = False
