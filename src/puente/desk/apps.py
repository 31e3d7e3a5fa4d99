from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeskConfig(AppConfig):
    name = "puente.desk"
    label = "desk"

    def ready(self) -> None:
        from puente.desk.policies import VIEW_PILOT, VIEW_TODAY
        from puente.web.navigation import register_section

        register_section(pgettext_lazy("section", "Today"), "desk:today", order=10, action=VIEW_TODAY)
        register_section(_("Pilot"), "desk:pilot", order=90, action=VIEW_PILOT)
