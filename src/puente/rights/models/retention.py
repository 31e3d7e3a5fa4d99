from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.offices.models import Labelled, Office
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor
from puente.rights.models.requests import RequestQuerySet


class RetentionRule(Labelled):
    """How long something is kept, from what on, and what happens then. A proposal until somebody checked it."""

    class Subject(models.TextChoices):
        RECEIVED = "received", _("People who were only received")
        COUNSELLED = "counselled", _("People who were counselled for work")
        CHILDREN = "children", _("Children")
        LISTS = "lists", _("Lists of arrivals")
        PHONE_PAGES = "phone_pages", _("Phone pages past their day")
        SEARCHES = "searches", _("Counts of searches")

    class Start(models.TextChoices):
        LAST_CONTACT = "last_contact", _("the last contact")
        CLOSURE = "closure", _("the last step of counselling")
        EXPECTED = "expected", _("the day of the list")
        EXPIRY = "expiry", _("the last day of the page")
        MADE = "made", _("the day it was made")

    class Act(models.TextChoices):
        ERASE = "erase", _("erase")
        COARSEN = "coarsen", _("make broad")

    #: What every subject counts from, and what may happen to it.
    ABOUT_PEOPLE = (Subject.RECEIVED, Subject.COUNSELLED, Subject.CHILDREN)

    code = models.CharField(max_length=11, choices=Subject.choices, primary_key=True)
    start = models.CharField(max_length=12, choices=Start.choices)
    months = models.PositiveSmallIntegerField(null=True, help_text="None: nothing is due by itself.")
    act = models.CharField(max_length=7, choices=Act.choices)
    source = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    is_checked = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["position"]

    @property
    def is_about_people(self) -> bool:
        """Whether whole people are due, not rows that speak of nobody by themselves."""
        return self.code in self.ABOUT_PEOPLE


class OfficeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that belong to an office alone: the queryset twin of their database policy."""

    def visible_to(self, actor: Actor, action: Action) -> "OfficeQuerySet":
        """Return the rows of the offices in which the actor's roles give the action."""
        return self.filter(office_id__in=actor.offices_for(action))


class RetentionCount(models.Model):
    """How much of an office was past its time when it was last counted."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="counts")
    due = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "rule"], name="one_count_per_office_and_rule")]


class RetentionRun(models.Model):
    """That what is past its time be erased or made broad: proposed by one person, carried out by a second."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("run", "waits for a second person")
        CARRIED_OUT = "carried_out", pgettext_lazy("run", "carried out")
        DROPPED = "dropped", pgettext_lazy("run", "dropped")

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    act = models.CharField(max_length=7, choices=RetentionRule.Act.choices)
    months = models.PositiveSmallIntegerField()
    counted = models.PositiveIntegerField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    done = models.PositiveIntegerField(default=0)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "rule"], condition=models.Q(state="proposed"), name="one_proposed_run_per_rule"
            ),
        ]
        indexes = [models.Index(fields=["office", "-proposed_at", "-id"], name="runs_of_office")]


class RetentionItem(models.Model):
    """One person of a run, as it was proposed: nobody is added to it later."""

    id = models.UUIDField(primary_key=True, default=make_id)
    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="items")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="one_item_per_person")]
