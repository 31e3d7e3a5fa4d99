"""Named commands as JSON: what an offline tablet sends when the network is back, over the same function as the desk."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.platform.commands import CommandConflict, UnknownCommand, execute
from puente.platform.policy import NotAllowed
from puente.reception.payload import InvalidPayload, describe_schema
from puente.web.requests import StaffRequest

MOST_BYTES = 256 * 1024


@login_required
@require_POST
def run(request: StaffRequest) -> JsonResponse:
    """Carry out `{id, name, payload}`: 200 with the result, 400 with what to correct, 404, 409 for a reused id."""
    try:
        name, command_id, payload = _read(request.body)
    except ValueError as problem:
        return _refuse(400, "", str(problem))
    try:
        outcome = execute(actor=request.actor, name=name, command_id=command_id, payload=payload)
    except UnknownCommand:
        return _refuse(404, "name", _("There is no such command."))
    except NotAllowed:
        return _refuse(404, "", _("You cannot do this, or it does not exist."))
    except CommandConflict:
        return _refuse(409, "id", _("This id was used for something else. Show both to a person."))
    except InvalidPayload as refused:
        errors = [{"path": found.path, "message": str(found.message)} for found in refused.problems]
        return JsonResponse({"errors": errors}, status=400)
    return JsonResponse({"result": outcome.result, "repeated": outcome.repeated})


@login_required
def schema(request: StaffRequest) -> JsonResponse:
    """The JSON schema of the payload of `reception.register`."""
    return JsonResponse(describe_schema())


def _read(body: bytes) -> tuple[str, UUID, dict[str, object]]:
    if len(body) > MOST_BYTES:
        raise ValueError(_("The command is too large."))
    try:
        sent = json.loads(body)
    except ValueError:
        raise ValueError(_("This is not JSON.")) from None
    if not isinstance(sent, dict) or not isinstance(sent.get("payload"), dict) or not isinstance(sent.get("name"), str):
        raise ValueError(_("Send an object with id, name and payload."))
    try:
        return sent["name"], UUID(str(sent.get("id"))), sent["payload"]
    except ValueError:
        raise ValueError(_("The id is no identifier.")) from None


def _refuse(status: int, path: str, message: str) -> JsonResponse:
    return JsonResponse({"errors": [{"path": path, "message": message}]}, status=status)
