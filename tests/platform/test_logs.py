import logging
import re
import sys

from hypothesis import given
from hypothesis import strategies as st

from puente.platform.logs import OneLineFormatter

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING puente\.security ")


def write(message: str, error: BaseException | None = None) -> str:
    told = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("puente.security", logging.WARNING, "x.py", 1, "%s", (message,), told)
    return OneLineFormatter().format(record)


@given(st.text())
def test_an_event_is_one_line_whatever_a_stranger_wrote(text):
    line = write(text)
    assert len(line.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f\x80-\x9f]", line)


def test_a_line_begins_with_world_time_level_and_logger():
    assert LINE.match(write("refused"))


def test_a_trace_cannot_be_taken_for_an_event():
    try:
        raise ValueError("x\n2026-11-23T10:00:00.000Z WARNING puente.security signed in")
    except ValueError:
        lines = write("failed", sys.exc_info()[1]).splitlines()
    assert [line for line in lines if LINE.match(line)] == lines[:1]


def test_the_product_writes_all_its_logs_so():
    from puente.config import settings

    assert settings.LOGGING["formatters"]["plain"] == {"()": "puente.platform.logs.OneLineFormatter"}
    assert settings.LOGGING["root"]["handlers"] == ["console"]
