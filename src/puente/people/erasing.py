"""What every room does when a person is erased, or when what stands of them in clear is made broad.

A room that keeps anything of a person that opens without their key, or that stands in clear and may single them out,
makes two functions in a migration (`platform.row_security.make_eraser`) and names itself here in `AppConfig.ready`.
Only the room `rights` runs them: it keeps the ledger without which the database refuses.
"""

from uuid import UUID

from django.db import connection

_rooms: list[str] = []


def register_eraser(room: str) -> None:
    """Name a room that has its functions `puente_erase_<room>` and `puente_coarsen_<room>`."""
    if room in _rooms:
        raise ValueError(f"The room {room} is named twice.")
    _rooms.append(room)


def run_erasers(person_id: UUID) -> None:
    """Let every room destroy its part of a person; the caller wrote the erasure into the ledger."""
    _run("erase", person_id)


def run_coarseners(person_id: UUID) -> None:
    """Let every room make broad what it keeps of a person in clear."""
    _run("coarsen", person_id)


def _run(what: str, person_id: UUID) -> None:
    with connection.cursor() as cursor:
        # The first room, people, holds the key: it goes last.
        for room in reversed(_rooms):
            cursor.execute(f"SELECT puente_{what}_{room}(%s)", [person_id])
