"""The settings of an office behind TLS, read by a process of their own."""

import json
import os
import subprocess
import sys

READ = """
import json
from puente.config import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings)
                  if name.isupper() and isinstance(getattr(settings, name), (str, int, bool))}))
"""


def read_settings_of_https() -> dict[str, object]:
    environment = os.environ | {"PUENTE_HTTPS": "true", "PUENTE_SECRET_KEY": "not the one of any office"}
    told = subprocess.run([sys.executable, "-c", READ], env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))
