from django.db import models
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id
from puente.reception.models.arrivals import Arrival


class Stage(models.TextChoices):
    """The five spans of a journey, in order."""

    ARRIVAL = "arrival", _("Arrival")
    NEEDS = "needs", _("Needs")
    COUNSELLING = "counselling", _("Counselling")
    JOURNEY = "journey", _("Travel")
    FOLLOW_UP = "follow_up", _("Follow-up")

    @property
    def number(self) -> int:
        """1 to 5."""
        return list(Stage).index(self) + 1

    @property
    def next(self) -> "Stage | None":
        """The stage after this one; None after the last."""
        stages = list(Stage)
        return stages[self.number] if self.number < len(stages) else None


class StageEvent(models.Model):
    """That a person entered a stage, or that an officer took them on there. Never changed."""

    class Kind(models.TextChoices):
        ENTERED = "entered"
        TAKEN = "taken"
        RELEASED = "released"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=make_id)
    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="stage_events")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    stage = models.CharField(max_length=11, choices=Stage.choices)
    assigned_to = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["arrival", "at", "id"], name="stages_of_arrival")]


class QueuePlace(models.Model):
    """Where a person stands now: the last word of the stage events, kept for the queue's sake."""

    arrival = models.OneToOneField(Arrival, on_delete=models.CASCADE, primary_key=True, related_name="place")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(help_text="The day of the turn")
    stage = models.CharField(max_length=11, choices=Stage.choices, default=Stage.ARRIVAL)
    since = models.DateTimeField()
    assigned_to = models.UUIDField(null=True)
    has_left = models.BooleanField(default=False)

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["office", "day", "since", "arrival"], condition=models.Q(has_left=False), name="queue_of_office"
            ),
        ]

    @property
    def stage_number(self) -> int:
        """1 to 5."""
        return Stage(self.stage).number
