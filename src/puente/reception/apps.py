from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "puente.reception"
    label = "reception"

    def ready(self) -> None:
        from puente.people.selectors import register_returns
        from puente.reception.policies import REGISTER_ARRIVAL, VIEW_MANIFESTS
        from puente.reception.selectors.arrivals import list_earlier_returns
        from puente.reception.services import arrivals  # noqa: F401 - registers the command
        from puente.web.navigation import register_section

        register_returns(list_earlier_returns)
        register_section(_("Arrival desk"), "reception:new", order=20, action=REGISTER_ARRIVAL)
        register_section(_("Lists"), "reception:manifests", order=25, action=VIEW_MANIFESTS)
