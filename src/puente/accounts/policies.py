from puente.platform.policy import Purpose, register_action

MANAGE_STAFF = register_action("staff.manage", Purpose.ADMINISTRATION)
