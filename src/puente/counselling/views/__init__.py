"""The pages of counselling. They hold no rule: they read the actor, call a selector or a service, and render."""
