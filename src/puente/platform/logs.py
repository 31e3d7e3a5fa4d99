"""How a line of the log is written: one event, one line, in world time."""

import logging
import time

_CONTROLS = {code: f"\\x{code:02x}" for code in [*range(32), 127, *range(128, 160), 0x2028, 0x2029]}
_IN_TRACES = {code: written for code, written in _CONTROLS.items() if code not in (9, 10)}


class OneLineFormatter(logging.Formatter):
    """Write time (UTC), level, logger and message; what a stranger sent cannot begin a line of its own."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line with its control characters written out."""
        return super().formatMessage(record).translate(_CONTROLS)

    def formatException(self, ei: object) -> str:
        """Return a trace whose lines are indented, so that none of them looks like an event."""
        trace = super().formatException(ei).translate(_IN_TRACES)  # type: ignore[arg-type]
        return "\n".join(f"    {line}" for line in trace.splitlines())
