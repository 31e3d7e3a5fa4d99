from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "puente.people"
    label = "people"

    def ready(self) -> None:
        from puente.audit.directory import register_reference
        from puente.people.policies import FIND_PERSON
        from puente.people.pseudonyms import reference_of
        from puente.people.sealed import WRAPPED_KEYS
        from puente.platform.rewrapping import register_wrapped_keys
        from puente.web.navigation import register_section

        register_reference(reference_of)
        register_wrapped_keys(WRAPPED_KEYS)
        register_section(_("People"), "people:search", order=30, action=FIND_PERSON)
