import base64
from functools import cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.http import HttpRequest

from puente.platform.keys import load_secret
from puente.platform.sealing import seal, unseal

FACTORS = "second factors"


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class FactorAdapter(DefaultMFAAdapter):
    """Seeds of codes and recovery codes are sealed: the database alone makes nobody's code."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(_load_factor_key(), text.encode(), FACTORS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(_load_factor_key(), base64.b64decode(encrypted_text), FACTORS).decode()


@cache
def _load_factor_key() -> bytes:
    # A secret of its own and not an office key: changing that one must lock nobody out.
    return HKDF(SHA256(), 32, salt=None, info=b"puente second factors").derive(load_secret("factors").encode())
