from django.db import models
from django.db.models import Q

from puente.engines.instruments import Definition, parse_definition
from puente.offices.models import Office
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id

#: Parsed once per process, by digest: a published version never changes.
_definitions: dict[str, Definition] = {}


class Instrument(models.Model):
    """A form that is asked again and again. `area` names the room whose rights guard what people say to it."""

    code = models.SlugField(primary_key=True, max_length=60)
    area = models.SlugField(max_length=20)


class InstrumentVersion(models.Model):
    """One published wording of an instrument. Never changed: answers rest on it."""

    id = models.UUIDField(primary_key=True, default=make_id)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["instrument", "digest"], name="one_version_per_wording"),
        ]

    @property
    def definition(self) -> Definition:
        """The form that the content describes."""
        if self.digest not in _definitions:
            _definitions[self.digest] = parse_definition(self.content)
        return _definitions[self.digest]


class Response(models.Model):
    """That a person is asked, or was asked, one version of an instrument."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        COMPLETE = "complete"

    id = models.UUIDField(primary_key=True, default=make_id)
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="responses")
    area = models.SlugField(max_length=20, help_text="As its instrument's, for the database's policies")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="responses")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    arrival_id = models.UUIDField(null=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    started_at = models.DateTimeField()
    started_by = models.UUIDField()
    finished_at = models.DateTimeField(null=True)
    finished_by = models.UUIDField(null=True)

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "office", "version"], condition=Q(status="draft"), name="one_draft_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["person", "area", "-started_at"], name="responses_of_person")]


class Answer(models.Model):
    """One version of what was said to one question. Never changed: a correction is the next version.

    What was said is sealed, and so is which question it was: that one was asked for the day a child is due
    tells as much as the answer. `slot` is a keyed hash of the question that only this response can compute.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    area = models.SlugField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    slot = models.UUIDField()
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    given_at = models.DateTimeField()
    given_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "slot", "version"], name="one_answer_per_version"),
        ]
