from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from puente.accounts.roles import ROLES
from puente.offices.models import Office
from puente.platform.ids import make_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """Create a member of staff; without a password nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff."""

    id = models.UUIDField(primary_key=True, default=make_id)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="es")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="May sign in with a password alone.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class OfficeMembership(models.Model):
    """A role of a member of staff in one office."""

    id = models.UUIDField(primary_key=True, default=make_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=[(key, role.label) for key, role in ROLES.items()])
    since = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "office", "role"], name="one_membership_per_role_and_office")
        ]


class AccessGrant(models.Model):
    """A right on one person's records, given to one member of staff for a time and a reason."""

    id = models.UUIDField(primary_key=True, default=make_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    person_id = models.UUIDField()
    granted_by = models.UUIDField()
    granted_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["user", "person_id", "expires_at"], name="grant_of_user")]
