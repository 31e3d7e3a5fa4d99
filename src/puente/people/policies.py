from puente.platform.policy import Purpose, register_action

_SERVICE = (Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.FOLLOW_UP, Purpose.REFERRAL)

FIND_PERSON = register_action("person.find", *_SERVICE, Purpose.ADMINISTRATION)
OPEN_PERSON = register_action("person.open", *_SERVICE, Purpose.ADMINISTRATION, Purpose.RIGHTS)
REGISTER_PERSON = register_action("person.register", Purpose.RECEPTION)
CORRECT_PERSON = register_action("person.correct", *_SERVICE, Purpose.RIGHTS)
RECORD_CONSENT = register_action("consent.record", *_SERVICE, Purpose.RIGHTS)
