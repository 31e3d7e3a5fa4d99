from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.offices.models import Municipality, State
from puente.platform.ids import make_id


class ImportSource(models.Model):
    """A board or list that openings come from, with the saved mapping of its columns.

    columns: field of ours -> column of the file. options: see `imports.mapping.Options`.
    """

    id = models.UUIDField(primary_key=True, default=make_id)
    code = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    is_example = models.BooleanField(default=False, help_text="Its offers are examples: shown as such everywhere.")
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One file of a source: what was found in it, and what became of it. Nothing of it is half-loaded."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", pgettext_lazy("import", "Columns to be chosen")
        CHECKING = "checking", pgettext_lazy("import", "Being checked")
        CHECKED = "checked", pgettext_lazy("import", "Checked, not loaded")
        LOADING = "loading", pgettext_lazy("import", "Being loaded")
        LOADED = "loaded", pgettext_lazy("import", "Loaded")
        FAILED = "failed", pgettext_lazy("import", "Not loaded")

    id = models.UUIDField(primary_key=True, default=make_id)
    source = models.ForeignKey(ImportSource, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=9, choices=State.choices, default=State.UPLOADED)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    made_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["-started_at", "id"], name="imports_newest_first")]

    @property
    def is_running(self) -> bool:
        """Whether a worker is, or will be, at it."""
        return self.state in (self.State.CHECKING, self.State.LOADING)


class ImportFile(models.Model):
    """The uploaded file, kept in the database (web servers share no disk) until it has been loaded."""

    batch = models.OneToOneField(ImportBatch, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()


class ImportRow(models.Model):
    """One row of a file that needs a person's eye, and why."""

    class Kind(models.TextChoices):
        REJECTED = "rejected", _("Rejected")
        UNRESOLVED = "unresolved", _("Not resolved")
        NOTE = "note", _("Left out of the offer")
        DUPLICATE = "duplicate", _("Alike")

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(help_text="As the sender sees it: the first line is 1.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    opening_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "kind", "number", "id"], name="rows_of_import")]


class ImportAlias(models.Model):
    """A name of a place that is not the official one, what it was taken for, and how often."""

    REASONS = {
        "abbreviation": _("Abbreviation"),
        "short_form": _("Short form"),
        "renamed": _("Renamed since"),
        "old_name": _("Former name"),
        "official_name": _("Official name"),
        "colloquial": _("Everyday name"),
        "spelling": _("Spelling"),
        "district": _("With its district"),
        "seat": _("Name of the seat"),
        "town": _("Town of the municipality"),
    }

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="aliases", db_index=False)
    written = models.CharField(max_length=120)
    written_state = models.CharField(max_length=60, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.ForeignKey(State, on_delete=models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    offers = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["batch", "-offers", "id"], name="aliases_of_import")]
        constraints = [models.CheckConstraint(name="an_alias_was_used", condition=Q(offers__gt=0))]

    @property
    def meaning(self) -> str:
        """What the name was taken for, with its code: a state may have two municipalities of one name."""
        place = self.municipality or self.state
        return f"{place} ({place.pk})" if place else ""

    @property
    def reason_label(self) -> str:
        """Why the name means this place."""
        return str(self.REASONS.get(self.reason, self.reason))
