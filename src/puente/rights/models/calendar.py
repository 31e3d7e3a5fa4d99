from django.db import models

from puente.offices.models import Labelled


class Holiday(Labelled):
    """A day on which terms do not run. Loaded from content, edited by the administrator."""

    day = models.DateField(primary_key=True)
    source = models.CharField(max_length=200)
    is_removed = models.BooleanField(default=False, help_text="Kept, so that loading does not bring it back.")

    class Meta:
        ordering = ["day"]


class Deadline(Labelled):
    """A term of the law in working days. A number from content stays marked until somebody has checked it."""

    class Code(models.TextChoices):
        ANSWER = "answer"
        EXTENSION = "extension"
        CARRY_OUT = "carry_out"

    code = models.CharField(max_length=10, choices=Code.choices, primary_key=True)
    working_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    is_checked = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.UUIDField(null=True)
