from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from puente.offices.models import Country, Labelled, Municipality, Office, State, in_reader_language
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, Sensitivity


class ServedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows about a person that belong to an office: the queryset twin of the access rule."""

    def visible_to(self, actor: Actor, action: Action) -> "ServedQuerySet":
        """Return what the actor may see: rows of own offices, and all rows of a person these serve."""
        offices = actor.offices_for(action)
        served = PersonOffice.objects.filter(person_id=OuterRef("person_id"), office_id__in=offices)
        granted = [grant.person_id for grant in actor.grants] if offices else []
        return self.filter(Q(office_id__in=offices) | Exists(served) | Q(person_id__in=granted))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Actor, action: Action) -> "PersonQuerySet":
        """Return the people whose file the actor may open: served by an own office, or granted."""
        offices = actor.offices_for(action)
        served = PersonOffice.objects.filter(person_id=OuterRef("pk"), office_id__in=offices)
        granted = [grant.person_id for grant in actor.grants] if offices else []
        return self.filter(Exists(served) | Q(pk__in=granted), sensitivity__lte=actor.clearance)


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

    objects = PersonQuerySet.as_manager()

    def get_absolute_url(self) -> str:
        """The address of the person's page: an id, never a name."""
        return reverse("desk:person", args=[self.pk])


class PersonOffice(models.Model):
    """That an office serves a person: what the right to open a file rests on."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "office"], name="one_row_per_person_and_office")]
        indexes = [models.Index(fields=["office", "-since", "person"], name="people_of_office")]


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
