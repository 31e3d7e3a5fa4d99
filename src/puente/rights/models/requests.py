from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.offices.models import Office
from puente.people.models import ConsentDecision, Person, ServedQuerySet
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor


class RequestQuerySet(ServedQuerySet):
    def visible_to(self, actor: Actor, action: Action) -> "RequestQuerySet":
        """Return what the actor may see: as `ServedQuerySet`, so those of reserved files only for who is in charge."""
        return super().visible_to(actor, action)  # type: ignore[return-value]

    def running(self) -> "RequestQuerySet":
        """Return the requests that still wait for an answer or for what was promised."""
        return self.filter(state__in=RightsRequest.RUNNING)


class RightsRequest(models.Model):
    """That a person used a right over their data. What they said is sealed; how it went on stands in its events.

    `state` and `due_on` repeat what the last event made of it, for the lists' sake.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Copy of the file")
        CORRECTION = "correction", _("Correction")
        OBJECTION = "objection", _("Objection")
        ERASURE = "erasure", _("Erasure")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "to be answered")
        ACCEPTED = "accepted", pgettext_lazy("request", "accepted, to be carried out")
        CARRIED_OUT = "carried_out", pgettext_lazy("request", "carried out")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "taken back")

    class Shown(models.TextChoices):
        PHOTO_PAPER = "photo_paper", _("A paper with a photo")
        REPATRIATION = "repatriation", _("The repatriation certificate")
        BIRTH = "birth", _("A birth certificate or CURP")
        QUESTIONS = "questions", _("Answers that fit the file")
        KNOWN = "known", _("Staff know the person")

    class Ground(models.TextChoices):
        NOT_ACCREDITED = "not_accredited", _("Who asks did not show who they are, or that they may ask")
        NOT_HELD = "not_held", _("The office does not hold these data")
        LEGAL_IMPEDIMENT = "legal_impediment", _("A law forbids it")
        THIRD_PARTY = "third_party", _("It would harm the rights of somebody else")
        PROCEEDINGS = "proceedings", _("It would hinder a court or an authority")
        RESOLUTION = "resolution", _("An authority decided so")
        ALREADY_DONE = "already_done", _("It was done before")
        NOT_COMPETENT = "not_competent", _("Another body is responsible")
        PROTECTS_HOLDER = "protects_holder", _("The data protect the person's own legal interest")
        OBLIGATIONS = "obligations", _("The person needs the data to meet an obligation")

    #: These still want something done by their day.
    RUNNING = (State.RECEIVED, State.ACCEPTED)

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rights_requests")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=11, choices=State.choices, default=State.RECEIVED)
    capacity = models.CharField(max_length=20, choices=ConsentDecision.Capacity.choices)
    identity_shown = models.CharField(max_length=12, choices=Shown.choices)
    means = models.CharField(max_length=10, choices=ConsentDecision.Means.choices)
    uses = ArrayField(models.CharField(max_length=30), default=list, help_text="Consent purposes objected to")
    sealed = models.BinaryField(help_text="Words, representative, where to answer")
    received_on = models.DateField()
    due_on = models.DateField(help_text="To answer; once accepted, to carry out")
    is_extended = models.BooleanField(default=False)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_refusal_has_its_ground", condition=models.Q(state="refused") ^ models.Q(ground="")
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(state__in=["received", "accepted"]),
                name="one_running_request_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_on", "id"],
                condition=models.Q(state__in=["received", "accepted"]),
                name="requests_by_due_date",
            ),
            models.Index(fields=["office", "-closed_at", "-id"], name="requests_closed"),
            models.Index(fields=["person", "-made_at"], name="requests_of_person"),
        ]


class RequestEvent(models.Model):
    """What happened to a request. Never changed; the reason in words is sealed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Request taken down")
        EXTENDED = "extended", _("Term extended")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        COPIED = "copied", _("Copy made")
        CARRIED_OUT = "carried_out", _("Carried out")
        WITHDRAWN = "withdrawn", _("Taken back by the person")

    id = models.UUIDField(primary_key=True, default=make_id)
    request = models.ForeignKey(RightsRequest, on_delete=models.CASCADE, related_name="events")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    sealed = models.BinaryField(help_text="Why, in words")
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = RequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["request", "at", "id"], name="events_of_request")]


class FileCopy(models.Model):
    """That a copy of a file left the office: its receipt number and a digest of what was handed over."""

    class Format(models.TextChoices):
        PDF = "pdf", _("to read (PDF)")
        JSON = "json", _("for machines (JSON)")

    id = models.UUIDField(primary_key=True, default=make_id)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="copies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    receipt = models.CharField(max_length=9, unique=True)
    format = models.CharField(max_length=4, choices=Format.choices)
    language = models.CharField(max_length=2)
    digest = models.BinaryField(help_text="SHA-256 of the file")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = RequestQuerySet.as_manager()
