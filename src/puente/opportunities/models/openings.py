from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.offices.models import Municipality, State
from puente.opportunities.models.imports import ImportBatch, ImportSource
from puente.opportunities.models.occupations import Occupation
from puente.platform.ids import make_id

SUNDAY = 1 << 6


class Employer(models.Model):
    """Who offers openings: an employer, a school, or a body that supports self-employment.

    The contact is the business's own, given by it; nothing here is about a returned person.
    """

    class Trust(models.TextChoices):
        UNKNOWN = "unknown", _("Not checked")
        CHECKED = "checked", _("Checked")
        CAUTION = "caution", _("With caution")
        AVOID = "avoid", _("Send nobody")

    id = models.UUIDField(primary_key=True, default=make_id)
    name = models.CharField(max_length=160)
    name_key = models.CharField(max_length=160, unique=True, help_text="The name folded: two spellings, one employer.")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    trust = models.CharField(max_length=8, choices=Trust.choices, default=Trust.UNKNOWN)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["trust", "name_key"], name="employers_by_trust"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="employers_by_words"),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerNote(models.Model):
    """What the office knows of an employer, and how far it trusts it since: added, never changed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="notes")
    trust = models.CharField(max_length=8, choices=Employer.Trust.choices)
    text = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["employer", "-made_at"], name="notes_of_employer")]


class OpeningQuerySet(models.QuerySet["Opening"]):
    def open_on(self, day: date) -> "OpeningQuerySet":
        """Return the openings that a person could still take on a day."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), is_open=True)

    def closed_on(self, day: date) -> "OpeningQuerySet":
        """Return those that were closed by hand or whose last day has passed."""
        return self.filter(Q(is_open=False) | Q(valid_until__lt=day))


class Opening(models.Model):
    """A vacancy, a training course or support for self-employment."""

    class Kind(models.TextChoices):
        VACANCY = "vacancy", _("Vacancy")
        COURSE = "course", _("Course")
        SELF_EMPLOYMENT = "self_employment", _("Self-employment support")

    class OccupationState(models.TextChoices):
        SUGGESTED = "suggested", pgettext_lazy("occupation", "Suggested")
        CONFIRMED = "confirmed", pgettext_lazy("occupation", "Confirmed")
        QUEUED = "queued", pgettext_lazy("occupation", "To be decided")

    id = models.UUIDField(primary_key=True, default=make_id)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="openings")
    title = models.CharField(max_length=200)
    title_key = models.CharField(max_length=200, help_text="The title folded: what a decision on a title applies to.")
    search_text = models.CharField(max_length=380, help_text="Title and employer, folded.")
    description = models.TextField(blank=True)
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    occupation_state = models.CharField(max_length=9, choices=OccupationState.choices)

    # Pesos a month.
    wage_min = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    wage_max = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    # What the person pays for a course, and what support for self-employment gives.
    cost = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    support_amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)

    state = models.ForeignKey(State, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_remote = models.BooleanField(default=False)

    weekdays = models.PositiveSmallIntegerField(default=0, help_text="Monday is bit 0; 0 where it is not known.")
    starts_at = models.TimeField(null=True, blank=True)
    ends_at = models.TimeField(null=True, blank=True)
    hours_a_week = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    works_nights = models.BooleanField(default=False)
    rotates = models.BooleanField(default=False)

    schooling = models.PositiveSmallIntegerField(default=0)
    english = models.PositiveSmallIntegerField(default=0)
    licences = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    documents = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    physical = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    age_ground = models.CharField(max_length=200, blank=True, help_text="The law that asks for the age.")

    housing = models.BooleanField(default=False)
    household_places = models.PositiveSmallIntegerField(null=True, blank=True)
    places = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    places_filled = models.PositiveIntegerField(default=0)

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    is_open = models.BooleanField(default=True)

    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, null=True, blank=True, related_name="openings")
    source_key = models.CharField(max_length=80, blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    held_fields = ArrayField(
        models.CharField(max_length=30), default=list, blank=True,
        help_text="What a person changed by hand: the next import of the source leaves it alone.",
    )  # fmt: skip
    duplicate_key = models.BigIntegerField(help_text="The same for offers alike in employer, title, place and wage.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.UUIDField()

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                name="one_opening_per_key_of_a_source",
                condition=Q(source__isnull=False),
            ),
            models.CheckConstraint(
                name="an_age_needs_a_law",
                condition=Q(age_min__isnull=True, age_max__isnull=True) | ~Q(age_ground=""),
            ),
            models.CheckConstraint(
                name="wages_stand_in_order",
                condition=Q(wage_min__isnull=True) | Q(wage_max__isnull=True) | Q(wage_min__lte=F("wage_max")),
            ),
            models.CheckConstraint(
                name="a_queued_opening_has_no_occupation",
                condition=Q(occupation_state="queued", occupation__isnull=True)
                | (~Q(occupation_state="queued") & Q(occupation__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["-valid_from", "id"], name="openings_newest_first"),
            models.Index(fields=["state", "-valid_from", "id"], name="openings_of_state"),
            models.Index(fields=["kind", "-valid_from", "id"], name="openings_of_kind"),
            models.Index(fields=["employer", "-valid_from", "id"], name="openings_of_employer"),
            models.Index(
                fields=["-valid_from", "id"],
                name="openings_without_municipality",
                condition=Q(municipality__isnull=True),
            ),
            models.Index(
                fields=["-valid_from", "id"], name="openings_without_occupation", condition=Q(occupation__isnull=True)
            ),
            models.Index(fields=["title_key"], name="openings_by_title"),
            models.Index(fields=["duplicate_key"], name="openings_alike"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="openings_by_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def works_sundays(self) -> bool:
        """Whether Sunday is one of the days."""
        return bool(self.weekdays & SUNDAY)

    @property
    def places_left(self) -> int:
        """How many people it still takes."""
        return max(self.places - self.places_filled, 0)

    def is_open_on(self, day: date) -> bool:
        """Tell whether a person could still take it on a day."""
        return self.is_open and (self.valid_until is None or self.valid_until >= day)


class TitleDecision(models.Model):
    """A title to which no occupation is near, or two equally: decided once, for all offers that bear it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        DECIDED = "decided"
        SET_ASIDE = "set_aside"

    id = models.UUIDField(primary_key=True, default=make_id)
    title_key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=200)
    two_are_near = models.BooleanField(default=False, help_text="Two occupations are equally near; else none is.")
    offers = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    occupation = models.ForeignKey(Occupation, on_delete=models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-offers", "id"], name="titles_to_decide")]
        constraints = [
            models.CheckConstraint(
                name="a_decision_names_an_occupation",
                condition=(Q(state="decided") & Q(occupation__isnull=False))
                | (~Q(state="decided") & Q(occupation__isnull=True)),
            )
        ]


class OpeningsVersion(models.Model):
    """One row, stamped anew by a trigger whenever openings or the trust in an employer change."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField()
