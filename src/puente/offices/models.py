from django.db import models
from django.utils import translation

from puente.platform.ids import make_id


def in_reader_language(row: models.Model, name: str) -> str:
    """Return a text of a row in the reader's language, in Spanish where it has no other."""
    language = (translation.get_language() or "es")[:2]
    return str(getattr(row, f"{name}_{language}", "") or getattr(row, f"{name}_es"))


class Labelled(models.Model):
    """Something with a name in the product's three languages, loaded from content files."""

    label_es = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    label_fr = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self, "label")


class State(models.Model):
    """A state of Mexico, with the codes that INEGI, CURP, ISO 3166-2 and OCHA give it."""

    code = models.CharField(max_length=2, primary_key=True, help_text="INEGI")
    curp_code = models.CharField(max_length=2, unique=True)
    iso_code = models.CharField(max_length=6)
    pcode = models.CharField(max_length=4)
    name = models.CharField(max_length=40)
    abbreviation = models.CharField(max_length=10)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality, with where its seat lies and how many people it has."""

    code = models.CharField(max_length=5, primary_key=True, help_text="INEGI, state and municipality")
    state = models.ForeignKey(State, on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    seat = models.CharField(max_length=80)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.IntegerField()
    pcode = models.CharField(max_length=7)
    is_border_zone = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "code"]
        indexes = [models.Index(fields=["state", "name"], name="municipality_by_state")]

    def __str__(self) -> str:
        return f"{self.name}, {self.state.abbreviation}"


class PlaceAlias(models.Model):
    """Another name under which a state or municipality is written, and where that was seen."""

    alias = models.CharField(max_length=120)
    state = models.ForeignKey(State, on_delete=models.CASCADE, null=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, null=True)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200)


class Country(Labelled):
    """A country, for nationality and birth place."""

    code = models.CharField(max_length=2, primary_key=True, help_text="ISO 3166-1 alpha-2")
    code3 = models.CharField(max_length=3)


class Office(Labelled):
    """An office of the mission: where staff work and records belong."""

    id = models.UUIDField(primary_key=True, default=make_id)
    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=10)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    time_zone = models.CharField(max_length=40)


class ReceptionPoint(Labelled):
    """A bridge, gate or airport where people are handed over; points open and close with the years."""

    class Mode(models.TextChoices):
        LAND = "land"
        AIR = "air"

    code = models.SlugField(primary_key=True, max_length=60)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="points")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    regularity = models.CharField(max_length=10)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    is_verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["municipality__state", "code"]


class Partner(Labelled):
    """A body that offices work beside."""

    code = models.SlugField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    is_verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["label_es"]


class ServiceKind(Labelled):
    """A kind of help that can be looked for in the directory."""

    code = models.SlugField(primary_key=True, max_length=40)


class Service(Labelled):
    """What a partner offers, where and when, and how many places are free."""

    code = models.SlugField(primary_key=True, max_length=80)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="services")
    kinds = models.ManyToManyField(ServiceKind, related_name="services")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    where_es = models.CharField(max_length=200)
    where_en = models.CharField(max_length=200, blank=True)
    where_fr = models.CharField(max_length=200, blank=True)
    hours_es = models.CharField(max_length=120)
    hours_en = models.CharField(max_length=120, blank=True)
    hours_fr = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    free_places = models.PositiveIntegerField(null=True)
    free_places_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200)
    is_verified = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["municipality", "code"], name="services_by_place")]

    @property
    def where(self) -> str:
        """Where it is, in the reader's language."""
        return in_reader_language(self, "where")

    @property
    def hours(self) -> str:
        """When it is open, in the reader's language."""
        return in_reader_language(self, "hours")
