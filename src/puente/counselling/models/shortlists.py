from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from puente.counselling.models.profiles import WorkProfile
from puente.offices.models import Office
from puente.opportunities.models import Opening
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id


class Shortlist(models.Model):
    """What the engine answered for one version of a profile, with all it takes to replay it. Never changed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shortlists")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(WorkProfile, on_delete=models.PROTECT, related_name="shortlists")
    day = models.DateField()
    openings_stamp = models.UUIDField(help_text="Which state of the openings was ranked.")
    inputs_digest = models.CharField(max_length=64)
    weights_version = models.CharField(max_length=20)
    engine_version = models.CharField(max_length=20)
    open_count = models.PositiveIntegerField()
    hidden = models.JSONField(help_text="[rule, detail, first broken in, the only one broken in]")
    one_more = models.JSONField(help_text="[rule, detail, how many more, best opening, its rank or null]")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-made_at", "-id"], name="shortlists_of_person")]


class ShortlistEntry(models.Model):
    """One opening of a shortlist: why it stands there, as codes with numbers."""

    class Part(models.TextChoices):
        ALL = "all"
        COURSES = "courses"

    id = models.UUIDField(primary_key=True, default=make_id)
    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=7, choices=Part.choices)
    rank = models.PositiveSmallIntegerField()
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()
    terms = models.JSONField()
    reasons = models.JSONField(help_text="[code, parameters]")
    to_confirm = models.JSONField(help_text="[code, detail]")
    kilometres = models.FloatField(null=True)
    more_like_this = models.PositiveIntegerField(default=0)

    objects = ServedQuerySet.as_manager()

    class Meta:
        ordering = ["part", "rank"]
        constraints = [models.UniqueConstraint(fields=["shortlist", "part", "rank"], name="one_entry_per_rank")]


class Choice(models.Model):
    """What person and counsellor chose together from a shortlist, or that the person wants none. The last counts."""

    class WhyNone(models.TextChoices):
        NOT_SAID = "not_said", _("Does not say")
        WAGE = "wage", _("They pay too little")
        PLACE = "place", _("Not in those places")
        TRADE = "trade", _("Another kind of work")
        HOURS = "hours", _("Not those days or hours")
        OWN_PLAN = "own_plan", _("Has a plan of their own")
        NOT_NOW = "not_now", _("Not now")

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="choices")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    shortlist = models.ForeignKey(Shortlist, on_delete=models.PROTECT, related_name="choices")
    openings = ArrayField(models.UUIDField(), default=list, help_text="In the person's order.")
    why_none = models.CharField(max_length=10, choices=WhyNone.choices, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="choices_of_person"),
            models.Index(fields=["office", "-made_at", "-id"], name="choices_of_office"),
        ]
        constraints = [
            models.CheckConstraint(name="a_choice_or_a_refusal", condition=Q(openings__len=0) ^ Q(why_none=""))
        ]


class Correction(models.Model):
    """That the person said "this is not so": which answer it changed, and where it was seen."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    shortlist = models.ForeignKey(Shortlist, on_delete=models.PROTECT, related_name="corrections")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=20)
    profile_before = models.ForeignKey(WorkProfile, on_delete=models.PROTECT, related_name="+")
    profile_after = models.ForeignKey(WorkProfile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()
