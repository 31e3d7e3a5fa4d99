from puente.platform.policy import Purpose, register_action

SEND_HANDOVER = register_action("handover.send", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION)
VIEW_HANDOVERS = register_action("handover.view", Purpose.PROTECTION)
OPEN_CASE = register_action("case.open", Purpose.PROTECTION)
#: A case is opened for one purpose at a time; the purpose is part of what its keys are bound to.
VIEW_CASE = register_action("case.view", Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
WRITE_CASE = register_action("case.write", Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
#: To see that cases exist, by reference and officer alone, without opening one.
LIST_CASES = register_action("case.list", Purpose.PROTECTION)
ASSIGN_CASE = register_action("case.assign", Purpose.PROTECTION)
ACKNOWLEDGE_HANDOVER = register_action("handover.acknowledge", Purpose.PROTECTION)
#: The list of forms of exploitation that the law names.
EDIT_LEGAL_FORMS = register_action("legal_form.edit", Purpose.PROTECTION)
