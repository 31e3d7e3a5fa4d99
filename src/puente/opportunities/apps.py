from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from puente.web.navigation import register_section


class OpportunitiesConfig(AppConfig):
    name = "puente.opportunities"
    label = "opportunities"

    def ready(self) -> None:
        from puente.opportunities.policies import VIEW_OPENINGS

        register_section(_("Openings"), "opportunities:list", order=50, action=VIEW_OPENINGS)
