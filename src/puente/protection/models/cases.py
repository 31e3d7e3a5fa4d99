from django.db import models
from django.db.models import Q

from puente.offices.models import Office
from puente.people.models import Person, SealedQuerySet
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor


class CaseQuerySet(SealedQuerySet):
    def listed_for(self, actor: Actor, action: Action) -> "CaseQuerySet":
        """Return the cases of which the actor may know that they exist: those of offices whose cases they list."""
        return self.filter(office_id__in=actor.offices_for(action))


class Case(models.Model):
    """That somebody is protected by an office. What it is about stands sealed in its entries."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="one_open_case_per_person")
        ]
        indexes = [models.Index(fields=["office", "-opened_at", "id"], name="cases_of_office")]


class CaseKey(models.Model):
    """The data key of one compartment of a case, wrapped by the vault for one purpose.

    A compartment that several purposes may open has a row for each; the key inside is the same.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="keys")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    compartment = models.CharField(max_length=12)
    purpose = models.CharField(max_length=20)
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "compartment", "purpose"], name="one_key_per_purpose")]


class CaseEntry(models.Model):
    """One thing written into a case: sealed, never changed. A correction is a new entry that names the old one."""

    id = models.UUIDField(primary_key=True, default=make_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    compartment = models.CharField(max_length=12)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "made_at", "id"], name="entries_of_case")]
