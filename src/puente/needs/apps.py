from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "puente.needs"
    label = "needs"

    def ready(self) -> None:
        from puente.needs.policies import VIEW_NEEDS
        from puente.web.navigation import register_section

        register_section(_("Needs"), "needs:list", order=30, action=VIEW_NEEDS)
