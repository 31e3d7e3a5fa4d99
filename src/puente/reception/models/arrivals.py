from django.db import models

from puente.offices.models import Office, ReceptionPoint
from puente.people.models import Person, ServedQuerySet, TravelGroup
from puente.platform.ids import make_id
from puente.reception.models.manifests import Manifest, ManifestLine

MOST_PER_LETTER = 999


class TurnCounter(models.Model):
    """The last turn of an office and day; its row lock keeps two desks from giving the same one."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField()
    pk = models.CompositePrimaryKey("office_id", "day")


class Arrival(models.Model):
    """The repatriation event: that a person was received, where, when and how.

    The row holds what counts today; every version, the first included, stands in `ArrivalVersion`.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="arrivals")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    point = models.ForeignKey(ReceptionPoint, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=ReceptionPoint.Mode.choices)
    arrived_at = models.DateTimeField()
    handed_over_by = models.CharField(max_length=40)
    last_us_state = models.CharField(max_length=2, blank=True)
    time_in_us = models.CharField(max_length=40, blank=True)
    accompaniment = models.CharField(max_length=40)
    is_minor_alone = models.BooleanField(default=False)
    birth_year = models.PositiveSmallIntegerField(null=True)
    age_at_arrival = models.PositiveSmallIntegerField(null=True)
    travel_group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, null=True, related_name="+")
    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, null=True, related_name="arrivals")
    line = models.OneToOneField(ManifestLine, on_delete=models.PROTECT, null=True, related_name="arrival")
    turn_day = models.DateField()
    turn_number = models.PositiveIntegerField()
    code = models.CharField(max_length=16, unique=True, help_text="What the QR of the slip holds; random")
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "turn_day", "turn_number"], name="one_turn_per_day"),
        ]
        indexes = [
            models.Index(fields=["person", "-arrived_at"], name="arrivals_of_person"),
            models.Index(fields=["office", "-arrived_at", "-id"], name="arrivals_of_office"),
        ]

    @property
    def turn(self) -> str:
        """The turn as it is called out: A-041, and B-001 after A-999."""
        letter = chr(ord("A") + (self.turn_number - 1) // MOST_PER_LETTER)
        return f"{letter}-{(self.turn_number - 1) % MOST_PER_LETTER + 1:03d}"


class ArrivalVersion(models.Model):
    """What an arrival said in one version, who wrote it and why. Never changed."""

    class Reason(models.TextChoices):
        REGISTERED = "registered"
        TYPED_WRONG = "typed_wrong"
        SAID_OTHERWISE = "said_otherwise"
        PAPER_SHOWN = "paper_shown"
        LIST_CORRECTED = "list_corrected"

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="versions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    facts = models.JSONField(help_text="Codes and times alone")
    reason = models.CharField(max_length=15, choices=Reason.choices)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrival", "version"], name="one_row_per_version")]


class ServiceGiven(models.Model):
    """That a service of the list was given on arrival, or that its mark was taken back; the last row counts."""

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="services")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    is_given = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["arrival", "service", "-at", "-id"], name="services_of_arrival")]


class ImmediateNeed(models.Model):
    """What the person needs right now, in their words: sealed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="immediate_needs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()


class OtherService(models.Model):
    """The mark "continues with another service". It holds nothing of which one, so all marks are alike."""

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="other_services")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()


class IdentityAnswer(models.Model):
    """What the officer answered about a candidate of the search: it is the person, it is not, cannot tell."""

    class Answer(models.TextChoices):
        IS = "is"
        IS_NOT = "is_not"
        CANNOT_TELL = "cannot_tell"

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="identity_answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    candidate_id = models.UUIDField()
    answer = models.CharField(max_length=11, choices=Answer.choices)
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()
