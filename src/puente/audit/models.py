from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, Sensitivity


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, actor: Actor, action: Action) -> "EventQuerySet":
        """Return the events of the offices in which the actor reads events; reserved ones only up to the clearance."""
        if not actor.may(action):
            return self.none()
        plain = Q(sensitivity__lt=Sensitivity.FLAG) | Q(sensitivity__lte=actor.clearance)
        return self.filter(Q(office_id__in=actor.offices_for(action)) | Q(office_id=None), plain)


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
    sensitivity = models.PositiveSmallIntegerField(
        default=Sensitivity.CASE, help_text="From FLAG upwards told only to readers with that clearance."
    )
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["office_id", "-at"], name="event_by_office"),
            models.Index(fields=["office_id", "verb", "-at"], name="event_by_verb"),
            models.Index(fields=["person_id", "-at"], name="event_by_person"),
            models.Index(fields=["record_id", "-at"], name="event_by_record"),
            models.Index(fields=["actor_id", "-at"], name="event_by_actor"),
        ]


class Link(models.Model):
    """The place of an event in the chain of its office. Written by the database alone, when the event is committed."""

    pk = models.CompositePrimaryKey("chain", "seq")
    chain = models.UUIDField()
    seq = models.BigIntegerField()
    event_id = models.UUIDField(unique=True)
    previous = models.BinaryField()
    hash = models.BinaryField()


class Head(models.Model):
    """Where a chain stood, signed with the installation's key, so that nobody can rewrite what came before."""

    id = models.UUIDField(primary_key=True, default=make_id)
    chain = models.UUIDField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()
    at = models.DateTimeField()
    key_name = models.CharField(max_length=16, help_text="Fingerprint of the key that signed.")
    signature = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["chain", "-at"], name="heads_of_chain")]


class Verification(models.Model):
    """That all chains were checked, how many events they held, and the first bad row of each broken one."""

    id = models.UUIDField(primary_key=True, default=make_id)
    at = models.DateTimeField()
    events = models.BigIntegerField()
    seconds = models.FloatField()
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="verifications_by_time")]


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, actor: Actor, action: Action) -> "AlertQuerySet":
        """Return the alerts of the offices in which the actor's roles give the action, and those of no office."""
        if not actor.may(action):
            return self.none()
        return self.filter(Q(office_id__in=actor.offices_for(action)) | Q(office_id=None))


class Alert(models.Model):
    """That something must be looked at by a person. Whom it is about stands in its event, not here."""

    class Kind(models.TextChoices):
        CANARY = "canary", _("An invented file was opened")
        OPEN_BUDGET = "open_budget", _("Too many files opened")
        SEARCH_BUDGET = "search_budget", _("Too many searches")
        BREAK_GLASS = "break_glass", _("A file was opened in an emergency")
        CHAIN_BROKEN = "chain_broken", _("The record of events was tampered with")
        REFUSALS = "refusals", _("Many refusals in one hour")

    id = models.UUIDField(primary_key=True, default=make_id)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    office_id = models.UUIDField(null=True)
    actor_id = models.UUIDField()
    event_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["office_id", "-at"], name="alerts_of_office")]


class AlertReview(models.Model):
    """That somebody looked into an alert, and what it was."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("It was part of the work")
        MISTAKE = "mistake", _("A mistake; spoken about")
        MISUSE = "misuse", _("Misuse; passed on")
        REPAIRED = "repaired", _("Technical; repaired")

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, primary_key=True, related_name="review")
    office_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices)


class Canary(models.Model):
    """That a person is invented, and that opening their file must be looked at."""

    person_id = models.UUIDField(primary_key=True)
    office_id = models.UUIDField()
    planted_at = models.DateTimeField()
    planted_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["office_id", "-planted_at"], name="canaries_of_office")]
