from django.db import models

from puente.offices.models import Labelled


class LegalForm(Labelled):
    """A form of exploitation as the country's law names it. Nothing personal; the list is the office's to correct."""

    code = models.SlugField(primary_key=True, max_length=40)
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=120, help_text="Law and article")
    is_verified = models.BooleanField(default=False, help_text="Somebody compared it with the law in force")
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
