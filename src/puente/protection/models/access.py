from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.people.models import Assignment, Person
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor

#: A request that nobody answered in this time lapses.
REQUEST_VALIDITY = timedelta(hours=24)
#: Whoever reviews openings in an emergency does so within this time.
REVIEW_WITHIN = timedelta(hours=72)


class AccessState(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    LAPSED = "lapsed"
    REFUSED = "refused"
    OPEN = "open"
    OVER = "over"


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, actor: Actor, decide: Action, review: Action) -> "AccessRequestQuerySet":
        """Return the own requests, and those that the actor may decide or review; nobody else learns of them.

        Whoever was in charge of the person may decide, as may the supervision of the office; a review is asked of
        those who were told.
        """
        in_charge = Assignment.objects.filter(person_id=OuterRef("person_id"), user_id=actor.id, ended_at=None)
        told = AccessNotice.objects.filter(request=OuterRef("pk"), user_id=actor.id)
        asked = Q(kind=AccessRequest.Kind.ASKED)
        return self.filter(
            Q(user_id=actor.id)
            | asked & (Q(office_id__in=actor.offices_for(decide)) | Q(Exists(in_charge)))
            | ~asked & (Q(office_id__in=actor.offices_for(review)) | Q(Exists(told)))
        )


class AccessRequest(models.Model):
    """That somebody asked to open a reserved file they are not in charge of, or opened one in an emergency.

    Why is sealed under a key of its own, which the vault wraps: reviewers read it without opening the file.
    """

    class Kind(models.TextChoices):
        ASKED = "asked"
        EMERGENCY = "emergency"

    id = models.UUIDField(primary_key=True, default=make_id)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", help_text="Whose supervision is asked."
    )
    user_id = models.UUIDField()
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    sealed_reason = models.BinaryField()

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office", "kind", "-at"], name="access_requests_of_office"),
            models.Index(fields=["user_id", "-at"], name="access_requests_of_user"),
        ]

    def state(self, now: datetime) -> AccessState:
        """Return how the request stands; reads its decision, which lists select beforehand."""
        decision: AccessDecision | None = getattr(self, "decision", None)
        if decision is None:
            return AccessState.LAPSED if now - self.at > REQUEST_VALIDITY else AccessState.WAITING
        if decision.open_until is None:
            return AccessState.REFUSED
        return AccessState.OPEN if decision.open_until > now else AccessState.OVER

    def is_review_late(self, now: datetime) -> bool:
        """Tell whether an opening in an emergency should have been reviewed by now."""
        return getattr(self, "review", None) is None and now - self.at > REVIEW_WITHIN


class AccessDecision(models.Model):
    """The answer to a request, by somebody else; an emergency answers itself. Never changed."""

    request = models.OneToOneField(AccessRequest, on_delete=models.CASCADE, primary_key=True, related_name="decision")
    open_until = models.DateTimeField(null=True, help_text="Empty where it was refused.")
    at = models.DateTimeField()
    by = models.UUIDField()


class AccessNotice(models.Model):
    """That a member of staff was told of an opening in an emergency, at once. Never changed."""

    id = models.UUIDField(primary_key=True, default=make_id)
    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="notices")
    user_id = models.UUIDField()
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "user_id"], name="one_notice_each")]
        indexes = [models.Index(fields=["user_id", "-at"], name="notices_of_user")]


class AccessReview(models.Model):
    """What somebody else found of an opening in an emergency. Never changed; the note is sealed with the reason."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("It was necessary")
        NOT_JUSTIFIED = "not_justified", _("It was not necessary")
        TO_FOLLOW_UP = "to_follow_up", _("It must be talked about")

    request = models.OneToOneField(AccessRequest, on_delete=models.CASCADE, primary_key=True, related_name="review")
    verdict = models.CharField(max_length=13, choices=Verdict.choices)
    sealed_note = models.BinaryField()
    at = models.DateTimeField()
    by = models.UUIDField()
