"""The production settings, with secrets made for this run and the audit queue written on demand instead of by a thread."""

import os
import secrets

from cryptography.fernet import Fernet

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
os.environ.setdefault("KEY_ENCRYPTION_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ.setdefault("AUDIT_FLUSH_SECONDS", "0")

from config.logs import logging_config
from config.settings import *  # noqa: F403

logging_config(LOG_LEVEL, cache=False)  # noqa: F405

MIDDLEWARE = ["tests.canary.PageRecorder", *MIDDLEWARE]  # noqa: F405

# Argon2id as shipped costs 60 ms a hash by design; the tests of its strength ask for the real hasher by name.
PASSWORD_HASHERS = ["tests.hashers.CheapArgon2PasswordHasher"]

# On, so that its headers are seen, and out of the way.
MANAGEMENT_API_REQUESTS_PER_MINUTE = 100_000
