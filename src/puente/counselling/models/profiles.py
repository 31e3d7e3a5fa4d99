from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from puente.offices.models import Municipality, Office
from puente.opportunities.models import Occupation
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id

MOST_WORDS = 80


class WorkProfile(models.Model):
    """One version of what a person brings and asks for. Never changed: a correction is a new version.

    An empty field was not asked; an empty list was asked and answered with none. Where the person must never be
    sent is sealed, always, and always of the same length, so that not even its presence can be told.
    """

    class Reason(models.TextChoices):
        SAID = "said"
        SAID_OTHERWISE = "said_otherwise"
        NOT_SO = "not_so"

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="work_profiles")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=14, choices=Reason.choices, default=Reason.SAID)

    home_municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    places = ArrayField(models.CharField(max_length=5), default=list, help_text="States and municipalities, in order.")
    wage_floor = models.PositiveIntegerField(null=True, help_text="Pesos a month.")
    wage_give = models.PositiveIntegerField(default=0, help_text="How far below the floor, in pesos a month.")
    max_hours = models.PositiveSmallIntegerField(null=True, help_text="Hours a week.")
    refused_schedule = ArrayField(models.CharField(max_length=10), null=True)
    household_size = models.PositiveSmallIntegerField(null=True)

    schooling = models.CharField(max_length=30, blank=True)
    english = models.PositiveSmallIntegerField(null=True)
    licences = ArrayField(models.CharField(max_length=30), null=True)
    documents = ArrayField(models.CharField(max_length=30), null=True)
    languages = ArrayField(models.CharField(max_length=30), null=True)
    body_limits = ArrayField(models.CharField(max_length=30), null=True)

    sealed_skills = models.BinaryField()
    sealed_never_send = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="one_work_profile_per_version"),
            models.CheckConstraint(
                name="who_gives_way_has_a_floor", condition=Q(wage_give=0) | Q(wage_floor__gte=models.F("wage_give"))
            ),
        ]


class PastJob(models.Model):
    """Work the person has done and the occupation it is. What they call it, and the employer, are sealed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    profile = models.ForeignKey(WorkProfile, on_delete=models.CASCADE, related_name="jobs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    sealed_words = models.BinaryField()
    suggested = ArrayField(models.CharField(max_length=4), default=list)
    close_pair = ArrayField(models.CharField(max_length=4), default=list, help_text="Two codes too close to tell.")
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, related_name="+")
    is_confirmed = models.BooleanField(default=False)
    years = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    country = models.CharField(max_length=2, blank=True)
    sealed_employer = models.BinaryField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["profile", "position"], name="one_job_per_position")]
