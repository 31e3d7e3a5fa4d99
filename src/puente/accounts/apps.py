from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from puente.web.navigation import register_section, register_standing


class AccountsConfig(AppConfig):
    name = "puente.accounts"
    label = "accounts"

    def ready(self) -> None:
        from puente.accounts.policies import MANAGE_STAFF

        register_standing(describe_standing)
        register_section(_("Staff"), "staff", order=95, action=MANAGE_STAFF)


def describe_standing(request: HttpRequest) -> str:
    """Return roles and office of the reader, for the line under the name."""
    from puente.accounts.roles import ROLES

    memberships = list(request.user.memberships.select_related("office__municipality"))  # type: ignore[union-attr]
    roles = dict.fromkeys(str(ROLES[membership.role].label) for membership in memberships)
    places = dict.fromkeys(membership.office.municipality.seat for membership in memberships)
    return " · ".join(filter(None, [", ".join(roles), ", ".join(places)]))
