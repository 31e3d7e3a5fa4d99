from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id


class FollowUp(models.Model):
    """That the office means to ask a person how they are, some months after they chose or were hired."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="follow_ups")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    month = models.PositiveSmallIntegerField()
    counted_from = models.DateField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, help_text="Done, or replaced by a newer calendar.")

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month"], name="one_open_follow_up_per_month", condition=Q(closed_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["office", "due_on", "id"], name="follow_ups_due", condition=Q(closed_at__isnull=True)),
        ]


class Outcome(models.Model):
    """How a person was, some months on. Never changed; the notes are sealed."""

    class Work(models.TextChoices):
        WORKS = "works", _("Works for a wage")
        OWN_ACCOUNT = "own_account", _("Works on their own account")
        STUDIES = "studies", _("Studies or trains")
        NO_WORK = "no_work", _("Has no work")
        NOT_REACHED = "not_reached", _("Could not be reached")
        DECLINED = "declined", _("Prefers not to answer")

    #: These earn a wage.
    WORKING = (Work.WORKS, Work.OWN_ACCOUNT)

    id = models.UUIDField(primary_key=True, default=make_id)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="outcomes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outcomes")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    month = models.PositiveSmallIntegerField()
    work = models.CharField(max_length=11, choices=Work.choices)
    wage = models.PositiveIntegerField(null=True, help_text="Pesos a month.")
    through_introduction = models.BooleanField(null=True)
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "-at", "-id"], name="outcomes_of_office"),
            models.Index(fields=["person", "month", "-at"], name="outcomes_of_person"),
        ]
