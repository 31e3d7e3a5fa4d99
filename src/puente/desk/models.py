from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from puente.offices.models import Office
from puente.platform.ids import make_id


class Indicator(models.TextChoices):
    """What the pilot is measured by; each of the first five counts people."""

    ASSISTED = "assisted", _("Assisted")
    ASSESSED = "assessed", _("Needs assessed")
    PLANNED = "planned", _("With chosen options")
    INTRODUCED = "introduced", _("Introduced to an employer")
    HIRED = "hired", _("Hired")
    FOLLOWED_UP = "followed_up", _("Followed up on time")


class Pilot(models.Model):
    """One version of an office's pilot. Never changed: the newest version counts."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    states = ArrayField(models.CharField(max_length=2), help_text="INEGI codes of the states of origin that take part")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    wait_limits = models.JSONField(help_text="stage → minutes after which a wait is called long")
    targets = models.JSONField(help_text="indicator → people, or per cent for follow-ups; a missing one has no target")
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "version"], name="one_pilot_per_version"),
            models.CheckConstraint(
                name="a_pilot_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="a_pilot_has_states", condition=~Q(states__len=0)),
        ]
