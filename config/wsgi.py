"""The WSGI application that granian (or any WSGI server) loads as `config.wsgi:application`."""

import contextlib
import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.handler import Handler, keep_house_once  # noqa: E402  settings first

# granian copies the environment into every request, where no secret has any business.
for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "KEY_ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)

application = Handler()
keep_house_once()

# What start-up made lives as long as the process: the garbage collector need not look through it again and again. What a
# request makes is gone with it, almost all without the collector, which by default looks every 700 objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)

# Threads that wake do not push aside the one that signs (Linux): fewer switches, a tenth less CPU time for a token.
# A sandbox may forbid it, and a server that starts is worth more than a faster one.
if hasattr(os, "SCHED_BATCH"):
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
