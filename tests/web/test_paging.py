from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import BooleanField, Case, CharField, QuerySet, Value, When
from django.db.models.functions import NullIf, Substr
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puente.web import paging
from puente.web.paging import KeysetPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> QuerySet[Session]:
    """Ten rows; each two share a date, so that the second key decides."""
    start = timezone.now()
    Session.objects.all().delete()
    Session.objects.bulk_create(
        Session(session_key=f"row-{index}", session_data="", expire_date=start + timedelta(days=index // 2))
        for index in range(10)
    )
    return Session.objects.all()


def read_all(rows: QuerySet[Any], order: tuple[str, ...], size: int) -> list[KeysetPage]:
    pages = [KeysetPage(rows, order, size=size)]
    while pages[-1].next_cursor:
        pages.append(KeysetPage(rows, order, pages[-1].next_cursor, size))
    return pages


@pytest.mark.parametrize("order", [("expire_date", "session_key"), ("-expire_date", "session_key"), ("-pk",)])
@pytest.mark.parametrize("size", [1, 3, 5, 10, 16])
def test_the_pages_together_are_the_whole_list_in_order(
    rows: QuerySet[Session], order: tuple[str, ...], size: int
) -> None:
    pages = read_all(rows, order, size)
    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in rows.order_by(*order)]
    assert [(page.first, page.last) for page in pages][-1][1] == 10
    assert pages[0].previous_cursor == ""
    assert pages[-1].next_cursor == ""


@pytest.mark.parametrize("order", [("expire_date", "session_key"), ("-expire_date", "-session_key")])
def test_going_back_shows_the_same_pages(rows: QuerySet[Session], order: tuple[str, ...]) -> None:
    pages = read_all(rows, order, 3)
    page = pages[-1]
    for earlier in pages[-2::-1]:
        page = KeysetPage(rows, order, page.previous_cursor, 3)
        assert [row.pk for row in page.rows] == [row.pk for row in earlier.rows]
        assert (page.first, page.last) == (earlier.first, earlier.last)
    assert page.previous_cursor == ""


@pytest.mark.parametrize("order", [("note", "pk"), ("-note", "pk")])
def test_rows_without_a_value_are_neither_lost_nor_doubled(rows: QuerySet[Session], order: tuple[str, ...]) -> None:
    last = Substr("session_key", 5, 1, output_field=CharField())
    noted = rows.annotate(note=NullIf(Case(When(session_key__lt="row-4", then=Value("")), default=last), Value("")))
    pages = read_all(noted, order, 3)
    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in noted.order_by(*order)]
    back = KeysetPage(noted, order, pages[2].previous_cursor, 3)
    assert [row.pk for row in back.rows] == [row.pk for row in pages[1].rows]


def test_dictionaries_and_boolean_keys_are_paged_too(rows: QuerySet[Session]) -> None:
    late = Case(When(session_key__gte="row-7", then=True), default=False, output_field=BooleanField())
    listed = rows.annotate(late=late).values("late", "session_key")
    pages = read_all(listed, ("-late", "session_key"), 4)
    assert [row["session_key"] for row in pages[0].rows] == ["row-7", "row-8", "row-9", "row-0"]
    assert sum(len(page.rows) for page in pages) == 10


def test_a_row_that_arrives_meanwhile_does_not_shift_the_next_page(rows: QuerySet[Session]) -> None:
    first = KeysetPage(rows, ("session_key",), size=4)
    Session.objects.create(session_key="row-", session_data="", expire_date=timezone.now())
    assert KeysetPage(rows, ("session_key",), first.next_cursor, 4).rows[0].pk == "row-4"


@pytest.mark.parametrize("cursor", ["x", "eyJ:1:abc", "🙂", "a" * 5000])
def test_a_damaged_cursor_begins_at_the_first_page(rows: QuerySet[Session], cursor: str) -> None:
    assert KeysetPage(rows, ("session_key",), cursor, 4).rows[0].pk == "row-0"


def test_a_cursor_of_another_order_begins_at_the_first_page(rows: QuerySet[Session]) -> None:
    cursor = KeysetPage(rows, ("expire_date", "session_key"), size=4).next_cursor
    assert KeysetPage(rows, ("session_key",), cursor, 4).first == 1


def test_the_address_gives_the_cursor(rows: QuerySet[Session]) -> None:
    cursor = KeysetPage(rows, ("session_key",), size=4).next_cursor
    request = RequestFactory().get("/", {"cursor": cursor})
    assert KeysetPage.of_request(request, rows, ("session_key",), 4).first == 5


def test_an_empty_list_has_no_pages(rows: QuerySet[Session]) -> None:
    page = KeysetPage(rows.none(), ("session_key",))
    assert (page.rows, page.first, page.last, page.total, page.next_cursor) == ([], 0, 0, 0, "")


def test_a_long_list_is_counted_no_further_than_needed(
    rows: QuerySet[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 5)
    page = KeysetPage(rows, ("session_key",), size=2)
    assert page.total_is_capped
    assert page.most_counted == 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(size=st.integers(1, 11), steps=st.lists(st.booleans(), max_size=12))
def test_any_walk_shows_a_window_of_the_list(rows: QuerySet[Session], size: int, steps: list[bool]) -> None:
    order = ("-expire_date", "session_key")
    whole = [row.pk for row in rows.order_by(*order)]
    page = KeysetPage(rows, order, size=size)
    for forwards in steps:
        cursor = page.next_cursor if forwards else page.previous_cursor
        page = KeysetPage(rows, order, cursor, size) if cursor else page
        assert [row.pk for row in page.rows] == whole[page.first - 1 : page.last]
