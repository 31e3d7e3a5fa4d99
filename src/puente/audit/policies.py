from puente.platform.policy import Purpose, register_action

VIEW_EVENTS = register_action("audit.view", Purpose.ADMINISTRATION, Purpose.RIGHTS)
