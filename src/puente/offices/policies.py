from puente.platform.policy import Purpose, register_action

VIEW_DIRECTORY = register_action("directory.view", *Purpose)
EDIT_DIRECTORY = register_action("directory.edit", Purpose.ADMINISTRATION, Purpose.REFERRAL)
