"""Background work: files are checked and loaded outside the request, with their progress on the page."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from puente.accounts.models import User
from puente.accounts.selectors import build_actor
from puente.opportunities.imports.mapping import WrongMapping
from puente.opportunities.models import ImportBatch
from puente.opportunities.services import imports
from puente.platform.policy import NotAllowed

UNEXPECTED = gettext_noop(
    "Something unexpected happened, and nothing was loaded. Try again, or tell whoever runs Puente."
)


@app.task(name="opportunities.run_batch", queue="imports")
def run_batch(batch_id: str) -> None:
    """Check or load a batch with the rights that its maker has now."""
    now = timezone.now()
    batch = ImportBatch.objects.get(pk=batch_id)
    try:
        actor = build_actor(User.objects.get(pk=batch.made_by), now)
        imports.carry_out(actor=actor, batch_id=UUID(batch_id), now=now)
    except WrongMapping as problem:
        imports.fail_import(batch.pk, str(problem), timezone.now())
    except NotAllowed:
        imports.fail_import(batch.pk, gettext_noop("Whoever asked for it may no longer load openings."), timezone.now())
    except Exception:
        imports.fail_import(batch.pk, UNEXPECTED, timezone.now())
        raise
