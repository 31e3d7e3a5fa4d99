from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "puente.people"
    label = "people"

    def ready(self) -> None:
        from puente.people.policies import FIND_PERSON
        from puente.web.navigation import register_section

        register_section(_("People"), "people:search", order=30, action=FIND_PERSON)
