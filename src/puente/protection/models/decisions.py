"""What takes two people: closing a case, and taking protected data out of the office."""

from datetime import datetime
from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models

from puente.offices.models import Office
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor
from puente.protection.models.cases import Case


class AskedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible_to(self, actor: Actor, action: Action) -> "AskedQuerySet":
        """Return what was asked in the offices in which the actor's roles give the action."""
        return self.filter(office_id__in=actor.offices_for(action))

    def undecided(self) -> "AskedQuerySet":
        """Return what still waits for the other person."""
        return self.filter(decided_at=None)


class Asked(models.Model):
    """Something that one person asks for and another one decides; the reasons are sealed by the vault."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    sealed_answer = models.BinaryField(null=True)
    is_approved = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        abstract = True


class Closure(Asked):
    """That an officer asks to close a case, and what another one said."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="closures")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decided_at=None), name="one_undecided_closure_per_case"
            )
        ]
        indexes = [models.Index(fields=["office", "asked_at", "id"], name="closures_of_office")]


class ExportState(StrEnum):
    """How an export stands."""

    WAITING = "waiting"
    REFUSED = "refused"
    READY = "ready"
    EXPIRED = "expired"
    PRODUCED = "produced"


class ProtectedExport(Asked):
    """That somebody asks to take protected data out, who let them, and when it was produced: once, or never."""

    kind = models.CharField(max_length=20)
    fields = ArrayField(models.CharField(max_length=60))
    first_day = models.DateField()
    last_day = models.DateField()
    expires_at = models.DateTimeField(null=True)
    produced_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "-asked_at", "id"], name="exports_of_office")]

    def state(self, now: datetime) -> ExportState:
        """Return how the export stands: whoever asked may fetch it while it is ready, and once."""
        if self.produced_at is not None:
            return ExportState.PRODUCED
        if self.expires_at is None:
            return ExportState.WAITING if self.decided_at is None else ExportState.REFUSED
        return ExportState.READY if self.expires_at > now else ExportState.EXPIRED
