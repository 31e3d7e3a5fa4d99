from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "puente.people"
    label = "people"

    def ready(self) -> None:
        from puente.audit.directory import register_reference
        from puente.people import file_copy
        from puente.people.erasing import register_eraser
        from puente.people.file_parts import register_file_part
        from puente.people.policies import FIND_PERSON
        from puente.people.pseudonyms import reference_of
        from puente.people.sealed import WRAPPED_KEYS
        from puente.platform.rewrapping import register_wrapped_keys
        from puente.web.navigation import register_section

        register_reference(reference_of)
        register_wrapped_keys(WRAPPED_KEYS)
        register_eraser(self.label)
        register_file_part("identity", _("Who you are"), file_copy.read_identity)
        register_file_part("consents", _("What you allowed"), file_copy.read_consents)
        register_file_part("group", _("With whom you travel"), file_copy.read_group)
        register_section(_("People"), "people:search", order=30, action=FIND_PERSON)
