from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from puente.web.navigation import register_section


class OfficesConfig(AppConfig):
    name = "puente.offices"
    label = "offices"

    def ready(self) -> None:
        from puente.offices.policies import VIEW_DIRECTORY

        register_section(_("Directory"), "offices:directory", order=70, action=VIEW_DIRECTORY)
