from django.db import models


class Erasure(models.Model):
    """One line of the ledger of erasures: that somebody was erased, without saying who. Never changed.

    The same line stands in a file outside the database, so that a restored backup brings nobody back.
    """

    class Reason(models.TextChoices):
        REQUEST = "request"
        RETENTION = "retention"

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    person_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the person's id")
    reason = models.CharField(max_length=9, choices=Reason.choices)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
