from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    name = "puente.protection"
    label = "protection"

    def ready(self) -> None:
        from puente.protection.policies import VIEW_HANDOVERS
        from puente.web.navigation import register_section

        register_section(_("Handed over"), "protection:inbox", order=60, action=VIEW_HANDOVERS)
