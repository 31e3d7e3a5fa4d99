from django.db import models

from puente.offices.models import Office
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor
from puente.protection.boxes import OPENED_BY, Service, lies_in_boxes


class InboxQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor, action: Action) -> "InboxQuerySet":
        """Return the rows of the actor's offices that lie in a box which the action opens; nobody else's.

        The other services see nothing of somebody whose file was reserved meanwhile.
        """
        found = self.filter(lies_in_boxes(action), office_id__in=actor.offices_for(action))
        if Service.PROTECTION in OPENED_BY[action.name]:
            return found
        return found.filter(person__in=Person.objects.visible_to(actor, action))


class Handover(models.Model):
    """That a person continues with another service. Reception and needs write it and never read it.

    To whom and why is sealed, and told to the service alone by the tag of its box, so that rows look alike.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    arrival_id = models.UUIDField(null=True)
    box = models.BinaryField(default=bytes)
    key_name = models.CharField(max_length=20, default="")
    wrapped_key = models.BinaryField(default=bytes)
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
