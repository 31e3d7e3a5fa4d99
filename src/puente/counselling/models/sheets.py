from django.db import models

from puente.counselling.models.shortlists import Choice
from puente.offices.models import Office
from puente.people.models import Person, ServedQuerySet
from puente.platform.ids import make_id


class PhonePage(models.Model):
    """What a returned person sees on the phone: sealed under their code and birth date, neither of which is here.

    It names no person; `Sheet` does, where staff alone may read it.
    """

    class AskedBirth(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    code_digest = models.BinaryField(unique=True)
    asked_birth = models.CharField(
        max_length=5, choices=AskedBirth.choices, help_text="How much of the birth date counts."
    )
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class PhonePageAttempt(models.Model):
    """A wrong answer on a phone page, for a code that may or may not exist: keyed digests alone."""

    id = models.UUIDField(primary_key=True, default=make_id)
    code_digest = models.BinaryField()
    address_digest = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code_digest", "-at"], name="attempts_on_code"),
            models.Index(fields=["address_digest", "-at"], name="attempts_from_address"),
            models.Index(fields=["at"], name="attempts_by_time"),
        ]


class Sheet(models.Model):
    """ "Mis opciones": that it was made for a choice, what it says and the code of its phone page, sealed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sheets")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, related_name="sheets")
    page = models.OneToOneField(PhonePage, on_delete=models.PROTECT, null=True, related_name="sheet")
    language = models.CharField(max_length=2)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "-made_at"], name="sheets_of_person")]
