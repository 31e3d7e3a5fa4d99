from django.db import models
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office, ReceptionPoint
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor


class OfficeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that belong to an office alone: the queryset twin of their database policy."""

    def visible_to(self, actor: Actor, action: Action) -> "OfficeQuerySet":
        """Return the rows of the offices in which the actor's roles give the action."""
        return self.filter(office_id__in=actor.offices_for(action))


class ColumnMapping(models.Model):
    """Which column of a sender's list holds what; kept, so that the next list maps itself."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=40)
    columns = models.JSONField(help_text="part of a line → header of the column")
    surnames_first = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "sender"], name="one_mapping_per_sender")]


class Manifest(models.Model):
    """The list of a bus, flight or group that will arrive. Its lines are sealed under its own data key."""

    class Kind(models.TextChoices):
        BUS = "bus", _("Bus")
        FLIGHT = "flight", _("Flight")
        ON_FOOT = "on_foot", _("On foot")

    class Status(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=12, help_text="Day and letter: 1123-B")
    sender = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    point = models.ForeignKey(ReceptionPoint, on_delete=models.PROTECT, related_name="+")
    expected_at = models.DateTimeField()
    expected_day = models.DateField()
    digest = models.BinaryField(help_text="SHA-256 of the file, keyed: the same list is not loaded twice")
    mapping = models.JSONField()
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    loaded_at = models.DateTimeField()
    loaded_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "digest"], name="one_manifest_per_file"),
            models.UniqueConstraint(fields=["office", "expected_day", "label"], name="one_manifest_per_label"),
        ]
        indexes = [models.Index(fields=["office", "-expected_at", "-id"], name="manifests_of_office")]


class ManifestDraft(models.Model):
    """An uploaded list that waits for its columns to be confirmed. Sealed, short-lived, and part of nothing yet."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=Manifest.Kind.choices)
    point = models.ForeignKey(ReceptionPoint, on_delete=models.PROTECT, related_name="+")
    expected_at = models.DateTimeField()
    digest = models.BinaryField()
    mapping = models.JSONField()
    surnames_first = models.BooleanField(default=True)
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField(help_text="The table of the file")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField()

    objects = OfficeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office", "uploaded_at"], name="drafts_of_office")]


class ManifestLine(models.Model):
    """One person on a list, before anybody knows who it is."""

    class Status(models.TextChoices):
        EXPECTED = "expected"
        ARRIVED = "arrived"
        ABSENT = "absent"

    id = models.UUIDField(primary_key=True, default=make_id)
    manifest = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="lines")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.EXPECTED)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reconciled_at = models.DateTimeField(null=True)
    reconciled_by = models.UUIDField(null=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["manifest", "row_number"], name="one_line_per_row")]
        indexes = [models.Index(fields=["manifest", "status", "row_number"], name="lines_by_status")]


class LineSearchKey(models.Model):
    """One keyed hash of a line's name and birth date, as `people.SearchKey` is of a person's."""

    key = models.BigIntegerField()
    line = models.ForeignKey(ManifestLine, on_delete=models.CASCADE, related_name="+", db_index=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", db_index=False)
    pk = models.CompositePrimaryKey("key", "line_id")
