from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.instruments.models import Response
from puente.offices.models import Labelled, Office, ServiceKind
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id


class Urgency(models.TextChoices):
    """How soon somebody must act."""

    NOW = "now", _("now")
    TODAY = "today", _("today")
    THIS_WEEK = "this_week", _("this week")
    LATER = "later", _("later")

    @property
    def rank(self) -> int:
        """1 for the most urgent, to 4."""
        return list(Urgency).index(self) + 1


class NeedGroup(Labelled):
    """Needs of one kind of life: health, papers, work …"""

    code = models.SlugField(primary_key=True, max_length=30)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]


class NeedKind(Labelled):
    """One concrete need of the catalogue, and what is proposed for it. A kind no longer offered stays readable."""

    code = models.SlugField(primary_key=True, max_length=60)
    group = models.ForeignKey(NeedGroup, on_delete=models.PROTECT, related_name="kinds")
    urgency = models.CharField(max_length=9, choices=Urgency.choices)
    days_to_act = models.PositiveSmallIntegerField()
    service = models.ForeignKey(ServiceKind, on_delete=models.PROTECT, related_name="+")
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["group__position", "code"]


class NeedQuerySet(ServedQuerySet):
    def pending(self) -> "NeedQuerySet":
        """Return the needs that somebody must still act on."""
        return self.filter(status__in=Need.PENDING)


class Need(models.Model):
    """Something a person needs, who acts on it and by when. How it came about stands in its events."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("need", "open")
        REFERRED = "referred", pgettext_lazy("need", "referred")
        MET = "met", pgettext_lazy("need", "met")
        WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")

    #: Still somebody's work: a referral counts only when its help has arrived.
    PENDING = (Status.OPEN, Status.REFERRED)

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="needs")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    arrival_id = models.UUIDField(null=True)
    kind = models.ForeignKey(NeedKind, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(NeedGroup, on_delete=models.PROTECT, related_name="+", db_index=False)
    urgency = models.CharField(max_length=9, choices=Urgency.choices)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    service = models.ForeignKey(ServiceKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    due_on = models.DateField()
    note = models.BinaryField(null=True, help_text="Free words, sealed under the person's key")
    source = models.ForeignKey(Response, on_delete=models.PROTECT, null=True, related_name="needs")
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "office", "kind"],
                condition=Q(status__in=["open", "referred"]),
                name="one_pending_need_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_on", "id"],
                condition=Q(status__in=["open", "referred"]),
                name="pending_needs_of_office",
            ),
            models.Index(fields=["person", "due_on", "id"], name="needs_of_person"),
        ]


class NeedEvent(models.Model):
    """That something happened to a need, who did it and why. Never changed."""

    class Kind(models.TextChoices):
        ADDED = "added", pgettext_lazy("need", "noted")
        CONFIRMED = "confirmed", pgettext_lazy("need", "said again")
        PLANNED = "planned", pgettext_lazy("need", "planned")
        REFERRED = "referred", pgettext_lazy("need", "referred")
        MET = "met", pgettext_lazy("need", "met")
        WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")
        REOPENED = "reopened", pgettext_lazy("need", "opened again")

    id = models.UUIDField(primary_key=True, default=make_id)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="events")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    status = models.CharField(max_length=9, choices=Need.Status.choices, help_text="After the event")
    changes: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, help_text="What was planned: name → [earlier, later], codes and dates alone"
    )
    reason = models.BinaryField(null=True, help_text="Why, in free words, sealed under the person's key")
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["need", "at", "id"], name="events_of_need")]
