from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from puente.offices.models import Country, Labelled, Municipality, Office, State, in_reader_language
from puente.people.policies import COUNT_PEOPLE
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, Sensitivity


class CountedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows about a person that an office counts: they stay when the person is reserved, so that no count tells."""

    def visible_to(self, actor: Actor, action: Action) -> "CountedQuerySet":
        """Return what the actor may see: rows of own offices, and all rows of a person these serve."""
        return self.filter(_served(actor, action))


class ServedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that tell something of a person: the queryset twin of the access rule, reservation included."""

    def visible_to(self, actor: Actor, action: Action) -> "ServedQuerySet":
        """Return what the actor may see: rows of own offices and of a person these serve, none of one out of reach."""
        if actor.may(COUNT_PEOPLE):
            return self.filter(_served(actor, action))
        out_of_reach = Person.objects.filter(pk=OuterRef("person_id")).out_of_reach(actor, action)
        return self.filter(_served(actor, action), ~Exists(out_of_reach))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor, action: Action) -> "PersonQuerySet":
        """Return the people whose file the actor may open.

        Served by an own office, or granted; from FLAG upwards also assigned or granted, and the actor stepped up.
        """
        offices = actor.offices_for(action)
        served = Exists(PersonOffice.objects.filter(person_id=OuterRef("pk"), office_id__in=offices))
        granted = [grant.person_id for grant in actor.grants_for(action, timezone.now())]
        cleared = Q(sensitivity__lte=actor.clearance) | _granted(actor, action)
        found = self.filter(Q(served) | Q(pk__in=granted), cleared)
        return found.exclude(_out_of_reach(actor, action))

    def out_of_reach(self, actor: Actor, action: Action) -> "PersonQuerySet":
        """Return the reserved people of whom the actor sees nothing: neither in charge nor granted, or no step-up."""
        return self.filter(_out_of_reach(actor, action))


def _served(actor: Actor, action: Action) -> Q:
    offices = actor.offices_for(action)
    served = PersonOffice.objects.filter(person_id=OuterRef("person_id"), office_id__in=offices)
    granted = [grant.person_id for grant in actor.grants_for(action, timezone.now())]
    return Q(office_id__in=offices) | Q(Exists(served)) | Q(person_id__in=granted)


def _granted(actor: Actor, action: Action) -> Q:
    """Return the condition that a live grant for a purpose of the action reaches as high as the person's file."""
    granted = Q(pk__in=[])
    for grant in actor.grants_for(action, timezone.now()):
        granted |= Q(pk=grant.person_id, sensitivity__lte=grant.clearance)
    return granted


def _out_of_reach(actor: Actor, action: Action) -> Q:
    reserved = Q(sensitivity__gte=Sensitivity.FLAG)
    if not actor.has_stepped_up(timezone.now()):
        return reserved
    return reserved & ~(Q(_in_charge(actor, "pk"), sensitivity__lte=actor.clearance) | _granted(actor, action))


def _in_charge(actor: Actor, person: str) -> Exists:
    return Exists(Assignment.objects.filter(person_id=OuterRef(person), user_id=actor.id, ended_at=None))


class SealedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows of a case: sealed whether or not the person's file still is."""

    def visible_to(self, actor: Actor, action: Action) -> "SealedQuerySet":
        """Return what the actor may open: in charge of the person and cleared, or granted; and stepped up."""
        if not actor.has_stepped_up(timezone.now()):
            return self.none()
        served = PersonOffice.objects.filter(person_id=OuterRef("person_id"), office_id__in=actor.offices_for(action))
        granted = [
            grant.person_id
            for grant in actor.grants_for(action, timezone.now())
            if grant.clearance >= Sensitivity.SEALED
        ]
        reached = Q(person_id__in=granted)
        if actor.clearance >= Sensitivity.SEALED:
            reached |= Q(Exists(served), _in_charge(actor, "person_id"))
        return self.filter(reached)


class Person(models.Model):
    """A person. Who they are is sealed; what statistics need stands in clear."""

    class Sex(models.TextChoices):
        FEMALE = "F"
        MALE = "M"
        X = "X"
        UNKNOWN = "U"

    class BirthPrecision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"
        ESTIMATED = "estimated"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, help_text="Where the person was first registered.")
    sensitivity = models.PositiveSmallIntegerField(default=Sensitivity.CASE)
    key_name = models.CharField(max_length=20)
    wrapped_key = models.BinaryField()
    version = models.PositiveIntegerField(default=1)
    is_identity_established = models.BooleanField(default=True)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_precision = models.CharField(max_length=9, choices=BirthPrecision.choices, default=BirthPrecision.UNKNOWN)
    birth_state = models.ForeignKey(State, on_delete=models.PROTECT, null=True, related_name="+")
    birth_country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, related_name="+")
    nationality = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, related_name="+")
    home_state = models.ForeignKey(State, on_delete=models.PROTECT, null=True, related_name="+")
    home_municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    languages = ArrayField(models.CharField(max_length=10), default=list)
    needs_interpreter = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()
    erased_at = models.DateTimeField(null=True, help_text="Then the key is gone, and with it all that was sealed.")

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(sensitivity__gte=Sensitivity.FLAG), name="reserved_people")]

    def get_absolute_url(self) -> str:
        """The address of the person's page: an id, never a name."""
        return reverse("desk:person", args=[self.pk])


class CountedPerson(models.Model):
    """What is counted of a person, reserved or not: counts must not tell that a file was reserved. A view."""

    id = models.UUIDField(primary_key=True)
    sex = models.CharField(max_length=1)
    birth_year = models.PositiveSmallIntegerField(null=True)
    home_state_id = models.CharField(max_length=2, null=True)  # noqa: DJ001 - a view has what its table has
    home_municipality_id = models.CharField(max_length=5, null=True)  # noqa: DJ001
    needs_interpreter = models.BooleanField()

    class Meta:
        managed = False
        db_table = "people_counted"


class WithheldPerson(models.Model):
    """A reserved person whom the actor is not in charge of: the id alone. A view, as row-level security reads it."""

    person_id = models.UUIDField(primary_key=True)

    class Meta:
        managed = False
        db_table = "people_withheld"


class PersonOffice(models.Model):
    """That an office serves a person: what the right to open a file rests on."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "office"], name="one_row_per_person_and_office")]
        indexes = [models.Index(fields=["office", "-since", "person"], name="people_of_office")]


class Assignment(models.Model):
    """That a member of staff is in charge of a person whose file is reserved: nobody else opens it alone."""

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    assigned_at = models.DateTimeField()
    assigned_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "user_id"], condition=Q(ended_at=None), name="one_live_assignment_each"
            )
        ]
        indexes = [models.Index(fields=["user_id", "person"], condition=Q(ended_at=None), name="people_of_officer")]


class Identity(models.Model):
    """One version of who a person is: a sealed document, never overwritten."""

    class Reason(models.TextChoices):
        REGISTERED = "registered"
        CORRECTED = "corrected"
        SAID = "said"
        PAPER = "paper"
        SLIP = "slip"
        RIGHTS = "rights"

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()
    facts = models.JSONField(default=dict, help_text="What stood in clear at that version.")
    reason = models.CharField(max_length=20, choices=Reason.choices, default=Reason.REGISTERED)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="one_identity_per_version")]


class SearchKey(models.Model):
    """One keyed hash of part of a name and birth date. Says nothing without the index key."""

    key = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    pk = models.CompositePrimaryKey("key", "person_id")


class TravelGroup(models.Model):
    """A family or group that travels together."""

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    created_at = models.DateTimeField()
    created_by = models.UUIDField()


class TravelGroupMember(models.Model):
    """A person in a travel group, and what they are to its first member."""

    class Relation(models.TextChoices):
        FIRST = "first"
        PARTNER = "partner"
        CHILD = "child"
        PARENT = "parent"
        SIBLING = "sibling"
        RELATIVE = "relative"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=make_id)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    group = models.ForeignKey(TravelGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="group_memberships")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    joined_at = models.DateTimeField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="one_row_per_group_and_person")]
        indexes = [models.Index(fields=["person", "-joined_at"], name="groups_of_person")]


class ConsentText(Labelled):
    """One version of the words in which a consent is asked, for one purpose."""

    purpose = models.CharField(max_length=30)
    version = models.CharField(max_length=10)
    text_es = models.TextField()
    text_en = models.TextField()
    text_fr = models.TextField()
    withdrawal_es = models.TextField(blank=True)
    withdrawal_en = models.TextField(blank=True)
    withdrawal_fr = models.TextField(blank=True)
    valid_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_text_per_version")]

    @property
    def text(self) -> str:
        """The words to read aloud, in the reader's language."""
        return in_reader_language(self, "text")

    @property
    def withdrawal(self) -> str:
        """What happens when the person takes the consent back."""
        return in_reader_language(self, "withdrawal")


class ConsentDecision(models.Model):
    """What a person decided about one purpose. A withdrawal is a new row: nothing is overwritten."""

    class Decision(models.TextChoices):
        GIVEN = "given"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    class Means(models.TextChoices):
        SIGNATURE = "signature"
        THUMBPRINT = "thumbprint"
        VERBAL = "verbal"

    class Capacity(models.TextChoices):
        SELF = "self"
        PARENT = "parent"
        CHILD_PROSECUTOR = "child_prosecutor"
        REPRESENTATIVE = "representative"

    id = models.UUIDField(primary_key=True, default=make_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=30)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    text_version = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    means = models.CharField(max_length=10, choices=Means.choices)
    capacity = models.CharField(max_length=20, choices=Capacity.choices, default=Capacity.SELF)
    has_interpreter = models.BooleanField(default=False)
    sealed_witness = models.BinaryField(null=True, help_text="Who heard a consent given by word of mouth.")
    decided_at = models.DateTimeField()
    recorded_by = models.UUIDField()

    objects = ServedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-decided_at"], name="consents_of_person")]


class SearchSession(models.Model):
    """That somebody looked for people for a while: how often and how many were shown, never who was asked for."""

    id = models.UUIDField(primary_key=True, default=make_id)
    actor_id = models.UUIDField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True)
    purpose = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    questions = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)
    shown_of_other_offices = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["actor_id", "-started_at"], name="searches_of_actor")]
