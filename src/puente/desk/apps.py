from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeskConfig(AppConfig):
    name = "puente.desk"
    label = "desk"

    def ready(self) -> None:
        from puente.counselling.calendar import register_follow_up_months
        from puente.desk.policies import VIEW_PILOT, VIEW_TODAY
        from puente.desk.selectors.pilots import list_chosen_limits, list_chosen_months
        from puente.reception.limits import register_wait_limits
        from puente.web.navigation import register_section

        register_wait_limits(list_chosen_limits)
        register_follow_up_months(list_chosen_months)
        register_section(pgettext_lazy("section", "Today"), "desk:today", order=10, action=VIEW_TODAY)
        register_section(_("Pilot"), "desk:pilot", order=90, action=VIEW_PILOT)
