"""Named, idempotent commands: what a desk does now and an offline tablet sends later.

A client makes the command's id. Sent twice, a command takes effect once and answers the same;
the same id with other content is refused and shown to a person.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from puente.platform.models import CommandReceipt
from puente.platform.policy import Actor

Handler = Callable[[Actor, UUID, dict[str, Any]], dict[str, Any]]


class UnknownCommand(Exception):
    """No command of that name exists."""


class CommandConflict(Exception):
    """The id was used before for something else."""


@dataclass(frozen=True)
class Outcome:
    """What a command answered, and whether it had taken effect before."""

    result: dict[str, Any]
    repeated: bool


_handlers: dict[str, Handler] = {}


def command(name: str) -> Callable[[Handler], Handler]:
    """Register a function as the handler of a named command."""

    def register(handler: Handler) -> Handler:
        if name in _handlers:
            raise ValueError(f"The command {name} is registered twice.")
        _handlers[name] = handler
        return handler

    return register


def registered_commands() -> frozenset[str]:
    """Return the names of all commands."""
    return frozenset(_handlers)


def execute(*, actor: Actor, name: str, command_id: UUID, payload: dict[str, Any]) -> Outcome:
    """Carry out a command once, in one transaction with its receipt.

    Args:
        actor: who acts.
        name: a registered name such as `reception.register`.
        command_id: made by the client when the command was born.
        payload: what JSON can hold.

    Raises:
        UnknownCommand, CommandConflict, and whatever the handler raises (then nothing is written).
    """
    handler = _handlers.get(name)
    if handler is None:
        raise UnknownCommand(name)
    digest = _digest(name, payload)
    with transaction.atomic():
        made = CommandReceipt.objects.claim(command_id=command_id, name=name, digest=digest, actor_id=actor.id)
        # Row-level security shows an actor the own receipts alone: an id of somebody else's is a conflict.
        receipt = CommandReceipt.objects.select_for_update().filter(command_id=command_id).first()
        if receipt is None or bytes(receipt.digest) != digest:
            raise CommandConflict(name)
        if not made:
            return Outcome(receipt.result, repeated=True)
        receipt.result = handler(actor, command_id, payload)
        receipt.save(update_fields=["result"])
        return Outcome(receipt.result, repeated=False)


def _digest(name: str, payload: dict[str, Any]) -> bytes:
    # The receipt keeps a hash only: the payload holds a name.
    canonical = json.dumps([name, payload], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).digest()
