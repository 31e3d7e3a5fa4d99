from django.db import models

from puente.offices.models import Office
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor


class InboxQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor, action: Action) -> "InboxQuerySet":
        """Return the rows of the offices in which the actor's roles give the action; nobody else's."""
        return self.filter(office_id__in=actor.offices_for(action))


class Handover(models.Model):
    """That a person continues with another service. Reception and needs write it and never read it.

    To whom and why is sealed, so that rows look alike whatever they are about.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    arrival_id = models.UUIDField(null=True)
    sealed = models.BinaryField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField()

    objects = InboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "sent_at", "id"], name="inbox_of_office")]


class HandoverAcknowledgement(models.Model):
    """That somebody of the other service took a hand-over on."""

    handover = models.OneToOneField(
        Handover, on_delete=models.CASCADE, primary_key=True, related_name="acknowledgement"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField()
