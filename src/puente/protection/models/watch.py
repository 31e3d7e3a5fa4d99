from django.db import models

from puente.people.models import Person
from puente.platform.ids import make_id


class WatchedPerson(models.Model):
    """A reserved person as the watch for people who return knows them: sealed, with their data key beside it.

    Reserved people have no search keys. Only the watch itself, a process of the product, reads this table.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()


class WatchKey(models.Model):
    """One hash, keyed by the vault, of part of a reserved person's name and birth date."""

    id = models.UUIDField(primary_key=True, default=make_id)
    key = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["key"], name="watch_by_key")]
