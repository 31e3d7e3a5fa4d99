from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "puente.reception"
    label = "reception"

    def ready(self) -> None:
        from puente.people.erasing import register_eraser
        from puente.people.file_parts import register_file_part
        from puente.people.reservation_steps import register_reservation_steps
        from puente.people.selectors import register_returns
        from puente.platform.rewrapping import register_wrapped_keys
        from puente.reception.file_copy import read_arrivals
        from puente.reception.policies import REGISTER_ARRIVAL, VIEW_MANIFESTS
        from puente.reception.selectors.arrivals import list_earlier_returns
        from puente.reception.services import arrivals  # noqa: F401 - registers the command
        from puente.reception.services.manifests import WRAPPED_KEYS
        from puente.reception.services.reservations import STEPS
        from puente.web.navigation import register_section

        for keys in WRAPPED_KEYS:
            register_wrapped_keys(keys)
        register_reservation_steps("reception", STEPS)
        register_returns(list_earlier_returns)
        register_eraser(self.label)
        register_file_part("arrivals", _("Your returns"), read_arrivals)
        register_section(_("Arrival desk"), "reception:new", order=20, action=REGISTER_ARRIVAL)
        register_section(_("Lists"), "reception:manifests", order=25, action=VIEW_MANIFESTS)
