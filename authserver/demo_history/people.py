"""What people and operators of the demo do, as log events. `who` is the e-mail of one of them."""

from typing import Any

from apis.services.demo import content
from authserver import callbacks, dialects, directory, errors, people_events
from authserver.demo_history.stage import Stage
from authserver.profiles import profile
from tenants.audit import Event


def signed_in(stage: Stage, key: str, who: str, audience: str, scope: str) -> Event:
    """`who` logs in to the application `key`."""
    return _event(stage, key, who, people_events.LOGIN, "Successful login", audience=audience, scope=scope)


def logged_out(stage: Stage, key: str, who: str) -> Event:
    """`who` logs out of the application `key`."""
    return _event(stage, key, who, people_events.LOGGED_OUT, "User successfully logged out")


def allowed(stage: Stage, key: str, who: str, audience: str, scope: str) -> Event:
    """`who` allows the application `key` what it asks for."""
    return _event(stage, key, who, people_events.CONSENT, "Allowed an application", audience=audience, scope=scope)


def mistyped(stage: Stage, key: str, who: str) -> Event:
    """`who` types a wrong password."""
    refusal = errors.WrongPassword(reason=directory.WRONG)
    return _refused(stage, key, who, people_events.WRONG_PASSWORD, refusal, connection=content.CONNECTION)


def turned_away(stage: Stage, who: str) -> Event:
    """`who`, who is blocked, tries to log in."""
    return _refused(stage, "", who, people_events.LOGIN_FAILED, errors.BlockedUserLogin())


def sent_astray(stage: Stage, key: str, who: str, redirect_uri: str) -> Event:
    """The application `key` sends `who` here with a callback address that may not be registered."""
    client = stage.clients[key]
    try:
        callbacks.redirect_uri(stage.tenant, client, redirect_uri)
    except errors.OAuthError as refusal:
        # Nobody has logged in yet, so nobody is known.
        event = _refused(stage, key, who, people_events.LOGIN_FAILED, refusal, client_id=client.client_id)
        event.user_name = ""
        return event
    return signed_in(stage, key, who, "", "openid")


def changed(stage: Stage, what: str, key: str = "", target: str = "", **values: Any) -> Event:
    """An operator changes the application `key`, or else `target`: the event that `tenants.changes` makes of it."""
    target = stage.clients[key].client_id if key else target
    details: dict[str, Any] = {"actor": {"type": "operator", "name": "admin"}, "target": target}
    if values:
        details["changes"] = values
    return Event("sapi", stage.tenant.id, what, user_name="admin", ip="192.0.2.2", details=details)


def _refused(stage: Stage, key: str, who: str, event_type: str, refusal: errors.OAuthError, **more: str) -> Event:
    said = dialects.wording(profile(stage.tenant.security_profile).dialect, refusal)
    why = {"reason": type(refusal).__name__, "error": said.code, "remedy": refusal.private}
    event = _event(stage, key, who, event_type, said.text, **why, **more)
    # Who failed to log in is known by what was typed.
    event.user_id = ""
    return event


def _event(
    stage: Stage, key: str, who: str, event_type: str, text: str, *, audience: str = "", scope: str = "", **details: Any
) -> Event:
    request, user = stage.request_of(key, who), stage.people[who]
    client = stage.clients[key] if key else None
    return Event(
        type=event_type,
        tenant_id=stage.tenant.id,
        description=text,
        client_id=client.client_id if client else "",
        client_name=client.name if client else "",
        ip=request.META["REMOTE_ADDR"],
        user_agent=request.META["HTTP_USER_AGENT"],
        user_id=user.user_id,
        user_name=user.email,
        audience=audience,
        scope=scope,
        hostname=stage.tenant.host,
        details=details,
    )
