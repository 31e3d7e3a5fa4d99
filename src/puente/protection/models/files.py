from django.db import models

from puente.people.models import Person, SealedQuerySet
from puente.platform.ids import make_id
from puente.protection.models.cases import Case


class AttachedFile(models.Model):
    """The bytes of an attachment, sealed under a compartment of its case. What it shows is told by an entry."""

    id = models.UUIDField(primary_key=True, default=make_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="files")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    compartment = models.CharField(max_length=12)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = SealedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "made_at"], name="files_of_case")]
