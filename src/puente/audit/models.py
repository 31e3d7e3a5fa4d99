from django.db import models

from puente.platform.ids import make_id


class Event(models.Model):
    """That somebody did something: ids and verbs alone, no name, no foreign key, never changed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_id = models.UUIDField()
    office_id = models.UUIDField(null=True)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["office_id", "-at"], name="event_by_office"),
            models.Index(fields=["person_id", "-at"], name="event_by_person"),
            models.Index(fields=["actor_id", "-at"], name="event_by_actor"),
        ]
