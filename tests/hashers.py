from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at its lowest cost: the same code path, without the time that makes it strong."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
