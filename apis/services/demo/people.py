"""The people of the demo and their roles."""

import secrets
from collections.abc import Mapping

from apis.models import API, Permission, Role
from apis.services.demo import content
from apis.services.roles import add_role_users, create_role, set_role_permissions
from tenants.changes import Actor
from tenants.models import Connection, Tenant, User
from tenants.services import create_user, set_password


def ensure_people(connection: Connection, *, rotate: bool, by: Actor) -> tuple[dict[str, User], str | None]:
    """The people by e-mail, and the password of `content.EMAIL` if it was made just now."""
    rows = User.objects.of(connection.tenant).filter(connection=connection, email__in=content.PEOPLE)
    people, shown = {user.email: user for user in rows}, None
    for email, profile in content.PEOPLE.items():
        password, user = secrets.token_urlsafe(12), people.get(email)
        if user is None:
            people[email] = create_user(connection, email=email, password=password, by=by, **profile)
        elif rotate and email == content.EMAIL:
            set_password(user, password, by=by)
        else:
            continue
        shown = password if email == content.EMAIL else shown
    return people, shown


def ensure_roles(tenant: Tenant, people: Mapping[str, User], apis: Mapping[str, API], *, by: Actor) -> None:
    """Makes the roles that the tenant lacks, with their permissions and people."""
    held = set(Role.objects.of(tenant).values_list("name", flat=True))
    for wanted in content.ROLES:
        if wanted.name in held:
            continue
        role = create_role(tenant, wanted.name, description=wanted.description, by=by)
        permissions = [
            permission
            for identifier, values in wanted.permissions.items()
            for permission in Permission.objects.filter(api=apis[identifier], value__in=values)
        ]
        set_role_permissions(role, permissions, by=by)
        add_role_users(role, [people[email] for email in wanted.people], by=by)
