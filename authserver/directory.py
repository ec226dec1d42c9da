"""Is it the person: e-mail and password against one directory, with attempts counted before any is judged.

An unknown e-mail and a wrong password cost the same and say the same; only the log event knows which it was (T-123).
"""

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from apis.registry import ConnectionValue
from authserver import errors
from tenants import passwords, throttle
from tenants.config_cache import CurrentTenant
from tenants.models import User

# Wrong passwords per window of 15 minutes. Nobody is locked out for longer than that (T-124).
PER_USER_AND_IP = throttle.Limit("for one user from one address", tries=10, seconds=900)
PER_USER = throttle.Limit("for one user", tries=100, seconds=900)
PER_IP = throttle.Limit("from one address", tries=100, seconds=900)
# Why a login failed, for the log event.
NO_PASSWORD = "The user has no password: set one in the console."
WRONG = "The password is wrong."
CHANGED = "The password was changed in the moment of the login."
TOO_LONG = "What was typed is longer than any password can be."


def authenticate(tenant: CurrentTenant, connection: ConnectionValue, email: str, password: str, *, ip: str) -> User:
    """The user of `connection` with this e-mail and password. Raises TooManyAttempts, WrongPassword, UserBlocked."""
    typed, address = email.strip()[:254], throttle.network(ip)
    limits = _limits(tenant, connection, typed.lower(), address)
    for limit, parts in limits:
        if seconds := throttle.spend(limit, *parts):
            raise errors.TooManyAttempts(seconds=str(seconds), limit=f"wrong passwords {limit.name}")
    user = _proven(connection, _find(tenant, connection, typed), password)
    for limit, parts in limits:
        # One right password must not buy the address a hundred new guesses at others.
        forget = throttle.refund if limit is PER_IP else throttle.forgive
        forget(limit, *parts)
    if user.blocked:
        raise errors.UserBlocked()
    return user


def no_such_user(connection: ConnectionValue) -> str:
    """Why a login with an unknown e-mail failed, for the log event."""
    return (
        f"The directory {connection.name} has no user with this e-mail. "
        "If another one has, switch that one on for the application."
    )


def unlock(user: User) -> None:
    """Forgets the wrong passwords that were counted for `user`, from everywhere.

    An address that tried too many of them itself stays locked for this user: which ones those are is not known here, and
    that limit (`PER_USER_AND_IP`) ends by itself within 15 minutes.
    """
    throttle.forgive(PER_USER, *_of_user(user.tenant_id, user.connection_id, user.email.lower()))


def _proven(connection: ConnectionValue, user: User | None, password: str) -> User:
    """`user`, if the password is theirs. Raises WrongPassword, after as many hashes for nobody as for somebody (T-123)."""
    if len(password) > passwords.MAX_LENGTH:
        raise errors.WrongPassword(reason=TOO_LONG)
    if user is None or not user.password:
        make_password(passwords.canonical(password))
        raise errors.WrongPassword(reason=no_such_user(connection) if user is None else NO_PASSWORD)
    if not user.check_password(password):
        raise errors.WrongPassword(reason=WRONG)
    return user


def _find(tenant: CurrentTenant, connection: ConnectionValue, typed: str) -> User | None:
    # PostgreSQL refuses to look for a NUL.
    if "\x00" in typed:
        return None
    user = User.objects.of(tenant).filter(connection=connection.id).with_email(typed).first()
    # A database may find more letters alike than the counters do (a dotless i, a long s): those are other names (T-124).
    return user if user and user.email.lower() == typed.lower() else None


def note_login(user: User, ip: str) -> bool:
    """Counts a successful login on the user's row. False when the password was changed since it was proven (T-094).

    Call it in the transaction that stores what the login is worth: its lock on the row keeps the order of the two.
    """
    rows = User.objects.filter(pk=user.pk, last_password_reset=user.last_password_reset)
    return rows.update(last_login=timezone.now(), last_ip=ip[:45], logins_count=F("logins_count") + 1) == 1


def _limits(
    tenant: CurrentTenant, connection: ConnectionValue, name: str, address: str
) -> list[tuple[throttle.Limit, tuple[str, ...]]]:
    """What one attempt counts against. A directory without brute force protection still has the limit per address.

    The narrow limit stands before the wide one: what one address tries beyond it does not use up the user's own limit, so
    it takes ten addresses to lock a person out of all the others.
    """
    tenant_id = str(tenant.id)
    counted: list[tuple[throttle.Limit, tuple[str, ...]]] = [(PER_IP, (tenant_id, address))]
    if connection.brute_force_protection:
        of_user = _of_user(tenant.id, connection.id, name)
        counted.append((PER_USER_AND_IP, (*of_user, address)))
        counted.append((PER_USER, of_user))
    return counted


def _of_user(tenant_id: int, connection_id: str, name: str) -> tuple[str, ...]:
    """Whose attempts the counters count: a name at a directory, whether somebody is called so or not."""
    return str(tenant_id), connection_id, name
