from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.offices.models import Office
from puente.opportunities.models import Employer, Opening
from puente.people.models import ConsentDecision, Person, ServedQuerySet
from puente.platform.ids import make_id


class Introduction(models.Model):
    """That a person was introduced to an employer, with their consent; exactly what was sent stands sealed.

    `state` repeats the last event, for the lists' sake.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("introduction", "Sent")
        ANSWERED = "answered", pgettext_lazy("introduction", "Answered")
        INTERVIEW = "interview", _("Interview")
        HIRED = "hired", pgettext_lazy("introduction", "Hired")
        REFUSED = "refused", _("Not taken")
        NO_SHOW = "no_show", _("Did not go")

    class Channel(models.TextChoices):
        LETTER = "letter", _("Letter that the person carries")
        PHONE = "phone", _("By telephone")
        MAIL = "mail", _("By e-mail")

    ENDED = (State.HIRED, State.REFUSED, State.NO_SHOW)

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="introductions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="introductions")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="introductions")
    consent = models.ForeignKey(ConsentDecision, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    sealed = models.BinaryField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SENT)
    state_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "opening"],
                name="one_open_introduction",
                condition=~models.Q(state__in=["refused", "no_show"]),
            )
        ]
        indexes = [
            models.Index(fields=["office", "state", "-state_at", "-id"], name="introductions_by_state"),
            models.Index(fields=["office", "-state_at", "-id"], name="introductions_of_office"),
            models.Index(fields=["person", "-made_at"], name="introductions_of_person"),
        ]


class IntroductionEvent(models.Model):
    """What happened to an introduction. Never changed; the note is sealed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="events")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=Introduction.State.choices)
    wage = models.PositiveIntegerField(null=True, help_text="Agreed when hired, pesos a month.")
    at = models.DateTimeField()
    by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["introduction", "at", "id"], name="events_of_introduction")]
