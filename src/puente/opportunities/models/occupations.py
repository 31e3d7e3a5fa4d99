from django.db import models


class OccupationGroup(models.Model):
    """A division (one digit) or main group (two digits) of SINCO; the titles are those of an edition."""

    code = models.CharField(max_length=2, primary_key=True)
    title = models.CharField(max_length=200)
    edition = models.CharField(max_length=4)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class IscoGroup(models.Model):
    """A group of ISCO-08, of one to four digits."""

    code = models.CharField(max_length=4, primary_key=True)
    title = models.CharField(max_length=250)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Occupation(models.Model):
    """A unit group of SINCO 2019: four digits."""

    code = models.CharField(max_length=4, primary_key=True)
    title = models.CharField(max_length=250)
    division = models.ForeignKey(OccupationGroup, on_delete=models.PROTECT, related_name="+")
    main_group = models.ForeignKey(OccupationGroup, on_delete=models.PROTECT, related_name="occupations")
    isco_groups = models.ManyToManyField(IscoGroup, through="OccupationPair", related_name="occupations")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class OccupationPair(models.Model):
    """That a SINCO unit group and an ISCO group cover common ground; many to many, and all pairs are kept."""

    occupation = models.ForeignKey(Occupation, on_delete=models.CASCADE, related_name="pairs")
    isco_group = models.ForeignKey(IscoGroup, on_delete=models.CASCADE, related_name="pairs")

    class Meta:
        ordering = ["occupation", "isco_group"]
        constraints = [models.UniqueConstraint(fields=["occupation", "isco_group"], name="one_row_per_sinco_and_isco")]
