"""Paging by key: a page begins after the last row of the one before, so it costs the same at any depth.

The place is an opaque, signed cursor in the address; a damaged one begins at the first page.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core import signing
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

SALT = "puente.web.paging"
MOST_COUNTED = 10_000


class KeysetPage:
    """One page of a queryset, ordered by fields that together are unique.

    queryset: what the reader may see, filtered; its own order is replaced.
    order: field names as in `order_by`, the last one unique ("-arrived_at", "id"); a leading minus descends.
        Relations ("person__birth_year") and annotations work; empty values stand last when ascending.
    cursor: what `next_cursor` or `previous_cursor` of another page gave, or "".
    size: rows a page.
    """

    def __init__(self, queryset: QuerySet[Any], order: tuple[str, ...], cursor: str = "", size: int = 16) -> None:
        self.size = size
        self._queryset = queryset
        self._keys = [(name.removeprefix("-"), name.startswith("-")) for name in order]
        self._fields = [_find_field(queryset, name) for name, _descends in self._keys]
        place = self._read_cursor(cursor)
        self._backwards = place is not None and place["backwards"]
        self._has_more = False
        self.rows = self._fetch(place)
        self.first = self._find_first(place) if self.rows else 0
        self.last = self.first + len(self.rows) - 1 if self.rows else 0

    @classmethod
    def of_request(
        cls, request: HttpRequest, queryset: QuerySet[Any], order: tuple[str, ...], size: int = 16
    ) -> KeysetPage:
        """Return the page that the address asks for in `?cursor=`."""
        return cls(queryset, order, request.GET.get("cursor", ""), size)

    @cached_property
    def total(self) -> int:
        """How many rows there are, counted no further than one past MOST_COUNTED."""
        return self._queryset.order_by()[: MOST_COUNTED + 1].count()

    @property
    def total_is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.total > MOST_COUNTED

    @property
    def most_counted(self) -> int:
        return MOST_COUNTED

    @cached_property
    def next_cursor(self) -> str:
        """The cursor of the page after this one, "" at the end."""
        more = self._backwards or self._has_more
        return self._write_cursor(self.rows[-1], self.last, backwards=False) if more and self.rows else ""

    @cached_property
    def previous_cursor(self) -> str:
        """The cursor of the page before this one, "" at the beginning."""
        more = self._has_more if self._backwards else self.first > 1
        return self._write_cursor(self.rows[0], self.first, backwards=True) if more and self.rows else ""

    def _fetch(self, place: dict[str, Any] | None) -> list[Any]:
        keys = [(name, descends != self._backwards) for name, descends in self._keys]
        found = self._queryset.order_by(*(f"-{name}" if descends else name for name, descends in keys))
        if place is not None:
            found = found.filter(_after(keys, place["values"]))
        rows = list(found[: self.size + 1])
        self._has_more = len(rows) > self.size
        rows = rows[: self.size]
        return rows[::-1] if self._backwards else rows

    def _find_first(self, place: dict[str, Any] | None) -> int:
        if place is None:
            return 1
        if not self._backwards:
            return int(place["position"]) + 1
        # Rows may have come or gone meanwhile: the first page says 1 whatever was counted before.
        return max(int(place["position"]) - len(self.rows), 2) if self._has_more else 1

    def _write_cursor(self, row: Any, position: int, *, backwards: bool) -> str:
        values = [
            None if (value := _read(row, name)) is None else _to_text(field, value)
            for (name, _descends), field in zip(self._keys, self._fields, strict=True)
        ]
        return signing.dumps([values, position, backwards], salt=SALT, compress=True)

    def _read_cursor(self, cursor: str) -> dict[str, Any] | None:
        if not cursor:
            return None
        try:
            values, position, backwards = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        if len(values) != len(self._fields):
            return None
        read = [
            None if text is None else field.to_python(text) for field, text in zip(self._fields, values, strict=True)
        ]
        return {"values": read, "position": position, "backwards": backwards}


def _after(keys: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Return the rows strictly after a place, spelled so that the index on the first field is used."""
    condition = Q()
    equal = Q()
    for index, ((name, descends), value) in enumerate(zip(keys, values, strict=True)):
        beyond = _beyond(name, descends, value)
        if index == 0:
            condition = beyond
            if value is not None and not descends:
                bound = Q(**{f"{name}__gte": value}) | Q(**{f"{name}__isnull": True})
            elif value is not None:
                bound = Q(**{f"{name}__lte": value})
            else:
                bound = Q()
        else:
            condition |= equal & beyond
        equal &= Q(**{name: value}) if value is not None else Q(**{f"{name}__isnull": True})
    return bound & condition


def _beyond(name: str, descends: bool, value: Any) -> Q:
    """Return the rows beyond one value; PostgreSQL puts empty values last ascending, first descending."""
    if value is None:
        return Q(**{f"{name}__isnull": False}) if descends else Q(pk__in=[])
    if descends:
        return Q(**{f"{name}__lt": value})
    return Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def _find_field(queryset: QuerySet[Any], name: str) -> Field[Any, Any]:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    model: type[Model] = queryset.model
    *relations, last = name.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[union-attr]
    return field


def _read(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = None if row is None else getattr(row, part)
    return row.pk if isinstance(row, Model) else row


def _to_text(field: Field[Any, Any], value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
