from django.db import models

from puente.offices.models import Office
from puente.people.models import Person, SealedQuerySet
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor


class ArrivalFactQuerySet(SealedQuerySet):
    def compared_by(self, actor: Actor, action: Action) -> "ArrivalFactQuerySet":
        """Return the facts that a process of the system compares: all of its offices."""
        return self.filter(office_id__in=actor.offices_for(action))


class ArrivalFact(models.Model):
    """What one version of an arrival says that protection compares: written for every arrival, read back by none.

    Codes and days alone, the same that reception's own rows hold in clear. It holds no judgement: that a row is
    there tells that somebody arrived.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival_id = models.UUIDField()
    version = models.PositiveIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    turn = models.CharField(max_length=12)
    arrived_at = models.DateTimeField()
    age = models.PositiveSmallIntegerField(null=True, help_text="The youngest that the birth date allows")
    home_municipality = models.CharField(max_length=5, blank=True)
    time_in_us = models.CharField(max_length=40, blank=True)
    accompaniment = models.CharField(max_length=40)
    sent_at = models.DateTimeField()

    objects = ArrivalFactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrival_id", "version"], name="one_fact_per_version")]
        indexes = [models.Index(fields=["person", "arrived_at"], name="facts_of_person")]
