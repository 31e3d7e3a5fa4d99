from puente.platform.policy import Purpose, register_action

_SERVICE = (Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.FOLLOW_UP, Purpose.REFERRAL)

FIND_PERSON = register_action("person.find", *_SERVICE, Purpose.ADMINISTRATION)
OPEN_PERSON = register_action("person.open", *_SERVICE, Purpose.ADMINISTRATION, Purpose.RIGHTS)
REGISTER_PERSON = register_action("person.register", Purpose.RECEPTION)
CORRECT_PERSON = register_action("person.correct", *_SERVICE, Purpose.RIGHTS)
#: To reserve a file: its key goes to the vault, and only who is assigned opens it.
RESERVE_PERSON = register_action("person.reserve", Purpose.PROTECTION)
#: To put others in charge of reserved files without opening one: never oneself.
ASSIGN_PERSON = register_action("person.assign", Purpose.PROTECTION)
RECORD_CONSENT = register_action("consent.record", *_SERVICE, Purpose.RIGHTS)
#: Of no role: the actor that only counts has it. It reads the rows of reserved people too, so that no count tells of
#: one, and none of their identities.
COUNT_PEOPLE = register_action("person.count", Purpose.STATISTICS)
