"""The pages about people: the search, who somebody is, their consents, and with whom they travel."""

from puente.people.views.canaries import plant
from puente.people.views.consents import consents
from puente.people.views.group import group
from puente.people.views.identity import correct, identity, review_curp
from puente.people.views.search import search

__all__ = ["consents", "correct", "group", "identity", "plant", "review_curp", "search"]
