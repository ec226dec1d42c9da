"""A tenant as large as the console must serve, filled by PostgreSQL itself. Owns its rows, and that none of them stays.

The first application may call every API, the first API may be called by every application, and a fifth of the log is about
the two: what is long is as long as it gets.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection

from apis.models import API, Application
from authserver.models import Consent, Session, TokenFamily
from tenants.models import Connection, LogCount, LogEvent, User
from tests.conftest import World, build_world
from tests.console.conftest import furnish

APPLICATIONS, APIS, PEOPLE, EVENTS = 10_000, 1_000, 10_000, 1_000_000
# As long as the log is kept, and as long as it is counted.
LOG_DAYS, COUNTED_DAYS = 30, 15
# Of n, the number of an event: a fifth is about the first application and API, the others are about all of them in turn.
_WHICH = "CASE WHEN n %% 5 = 0 THEN 1 ELSE 1 + n / {} * 7919::bigint %% {} END"


@contextmanager
def large_tenant() -> Iterator[World]:
    """huge, furnished and committed, and a neighbour with a log of its own. Both are gone afterwards."""
    try:
        huge = furnish(build_world("huge"))
        neighbour = build_world("neighbour")
        with _in_haste():
            for fill in (_apis, _applications, _grants, _people, _sign_ins):
                fill(huge)
            with indexes_made_anew(LogEvent._meta.db_table):
                _log(huge, neighbour)
            _count()
        _run("ANALYZE")
        yield huge
    finally:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@contextmanager
def _in_haste() -> Iterator[None]:
    """Foreign keys are not looked up for each of a million rows, and indexes have room to be sorted in."""
    _run("SET session_replication_role = 'replica'")
    _run("SET maintenance_work_mem = '256MB'")
    try:
        yield
    finally:
        _run("RESET session_replication_role")
        _run("RESET maintenance_work_mem")


@contextmanager
def indexes_made_anew(table: str) -> Iterator[None]:
    """What is written to `table` meanwhile enters its indexes in one go. Row by row, a million rows take a minute."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s", [table])
        indexes = [row for row in cursor.fetchall() if not row[0].endswith("_pkey")]
    for name, _ in indexes:
        _run(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        _run(definition)


def _run(sql: str, *values: Any, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, named or values)


def _copies(row: Any, many: int, **columns: str) -> None:
    """`many` rows like `row`. `columns` are SQL expressions of n, the number of the copy, from 1 on."""
    table, key = row._meta.db_table, row._meta.pk.column
    if "AutoField" in row._meta.pk.get_internal_type():
        columns[key] = f"nextval(pg_get_serial_sequence('{table}', '{key}'))"
    pairs = ", ".join(f"'{name}', {value}" for name, value in columns.items()).replace("%", "%%")
    _run(
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, made)).* FROM {table} t, generate_series(1, {many}) n, "
        f"LATERAL (SELECT jsonb_build_object({pairs}) made OFFSET 0) m WHERE t.{key} = %s ORDER BY n",
        row.pk,
    )


def _apis(huge: World) -> None:
    _copies(
        huge.api,
        APIS,
        id="substr(md5('api' || n), 1, 24)",
        name="'API number ' || n",
        identifier="'https://api-' || n || '.example.com'",
        enforce_policies="n % 2 = 0",
    )
    _run(
        "INSERT INTO apis_permission (api_id, value, description) SELECT id, verb || ':things', 'May ' || verb || ' things' "
        "FROM apis_api, unnest(ARRAY['read', 'create', 'update', 'delete']) verb "
        "WHERE tenant_id = %s AND name LIKE 'API number %%'",
        huge.tenant.pk,
    )


def _applications(huge: World) -> None:
    kinds = "(ARRAY['non_interactive', 'regular_web', 'spa', 'native'])[1 + n % 4]"
    grants = """CASE WHEN n % 4 = 0 THEN '["client_credentials"]'::jsonb ELSE '["authorization_code"]'::jsonb END"""
    _copies(
        huge.application,
        APPLICATIONS,
        client_id="'client-' || n",
        name="'Application number ' || n",
        app_type=kinds,
        grant_types=grants,
        is_first_party="n % 10 > 0",
    )
    _run(
        "INSERT INTO apis_clientsecret (application_id, sha256, last_four, created_at, expires_at) "
        "SELECT id, sha256(client_id::bytea), 'abcd', now(), CASE WHEN id %% 10 = 0 THEN now() + interval '9 days' END "
        "FROM apis_application WHERE tenant_id = %s AND client_id LIKE 'client-%%'",
        huge.tenant.pk,
    )
    _run(
        "INSERT INTO apis_application_connections (application_id, connection_id) SELECT id, %s "
        "FROM apis_application WHERE tenant_id = %s AND client_id LIKE 'client-%%'",
        Connection.objects.of(huge.tenant).get().pk,
        huge.tenant.pk,
    )


def _grants(huge: World) -> None:
    """Of the first API for everybody, of every API for the first application, and of some API for each."""
    _run("ANALYZE")
    first_api = API.objects.get(identifier="https://api-1.example.com").pk
    first_application = Application.objects.get(client_id="client-1").pk
    _run(
        "INSERT INTO apis_clientgrant (id, tenant_id, application_id, api_id, subject_type, default_for, allow_all_scopes, "
        "created_at) SELECT DISTINCT ON (application, api, subject) substr(md5(application || api || subject), 1, 20), "
        "%(tenant)s, application, api, subject, '', false, now() FROM ("
        "SELECT id application, %(api)s api FROM apis_application WHERE tenant_id = %(tenant)s "
        "UNION SELECT %(application)s, id FROM apis_api WHERE tenant_id = %(tenant)s AND NOT is_system "
        "UNION SELECT a.id, r.id FROM apis_application a JOIN apis_api r ON r.tenant_id = a.tenant_id "
        "AND r.name = 'API number ' || 2 + a.id %% 900 WHERE a.tenant_id = %(tenant)s) pairs, "
        "unnest(ARRAY['client', 'user']) subject",
        tenant=huge.tenant.pk,
        api=first_api,
        application=first_application,
    )
    _run(
        "INSERT INTO apis_clientgrant_permissions (clientgrant_id, permission_id) SELECT g.id, p.id FROM apis_clientgrant g "
        "JOIN apis_permission p ON p.api_id = g.api_id AND p.value = 'read:things' WHERE g.tenant_id = %s",
        huge.tenant.pk,
    )


def _people(huge: World) -> None:
    user, role = User.objects.of(huge.tenant).get(), huge.tenant.roles.get()
    _copies(user, PEOPLE, user_id="'auth0|' || n", email="'person-' || n || '@example.com'", name="'Person number ' || n")
    _copies(role, 500, id="'rol_' || n", name="'Role number ' || n")
    # One role that everybody holds, and somebody who holds as many as one may.
    held = "INSERT INTO apis_role_users (role_id, user_id) SELECT "
    _run(f"{held} 'rol_1', id FROM tenants_user WHERE email LIKE 'person-%%'")
    _run(f"{held} 'rol_' || n, id FROM generate_series(2, 50) n, tenants_user WHERE email = 'person-1@example.com'")
    held = "INSERT INTO apis_role_permissions (role_id, permission_id) SELECT "
    _run(f"{held} 'rol_1', id FROM apis_permission WHERE value = 'read:things'")


def _sign_ins(huge: World) -> None:
    """A session, a family and a consent of each person, and many of the first one and of the first application."""
    people = User.objects.filter(email__startswith="person-")
    first, application = people.order_by("pk")[0].pk, Application.objects.get(client_id="client-1").pk
    whose = f"{first} + CASE WHEN n % 10 = 0 THEN 0 ELSE n - 1 END"
    which = f"{application} + CASE WHEN n % 10 = 5 THEN 0 ELSE n - 1 END"
    api = "substr(md5('api' || (1 + n % 1000)), 1, 24)"
    session, family = Session.objects.of(huge.tenant).get(), TokenFamily.objects.of(huge.tenant).get()
    longer = "now() + interval '9 days'"
    _copies(
        session,
        PEOPLE,
        id="md5('session' || n)",
        secret_sha256="md5('secret' || n)",
        user_id=whose,
        expires_at=longer,
        idle_expires_at=longer,
    )
    _copies(
        family,
        PEOPLE,
        id="substr(md5('family' || n), 1, 22)",
        user_id=whose,
        application_id=which,
        api_id=api,
        session_id="md5('session' || n)",
        expires_at=longer,
    )
    consent = Consent.objects.of(huge.tenant).get()
    names = {"user_id": whose, "application_id": which, "api_id": api}
    _copies(consent, PEOPLE, id="substr(md5('consent' || n), 1, 24)", **names)


def _log(huge: World, neighbour: World) -> None:
    """Events in the order of their dates, each 21st of them the neighbour's."""
    table, many = LogEvent._meta.db_table, EVENTS + EVENTS // 20
    kinds = "CASE WHEN n %% 100 < 88 THEN 'seccft' WHEN n %% 100 < 94 THEN 'feccft' WHEN n %% 100 < 96 THEN 's' "
    kinds += "WHEN n %% 100 < 97 THEN 'fp' WHEN n %% 100 < 98 THEN 'sapi' ELSE 'sertft' END"
    reasons = "(ARRAY['NotGranted', 'ScopeNotGranted', 'UnknownAudience', 'ClientAuthenticationFailed'])[1 + n / 100 %% 4]"
    _run(
        f"""INSERT INTO {table} (tenant_id, date, type, description, client_id, client_name, ip, user_agent, user_id,
            user_name, audience, scope, hostname, request_id, details)
        SELECT CASE WHEN n %% 21 = 0 THEN %s ELSE %s END, now() - interval '{LOG_DAYS} days' * (1 - n / {many}.0), kind,
            'What happened', 'client-' || app, 'Application number ' || app, '192.0.2.' || n %% 250, 'curl/8.14.1',
            CASE WHEN by_person THEN 'auth0|' || app ELSE '' END,
            CASE WHEN by_person THEN 'person-' || app || '@example.com' ELSE '' END,
            'https://api-' || api || '.example.com', 'read:things', 'huge.example.com', reference,
            jsonb_build_object('request_id', reference) || CASE WHEN kind IN ('feccft', 'fp') THEN jsonb_build_object(
                'reason', reason, 'error', 'access_denied', 'remedy', 'Do something.') ELSE '{{}}' END
        FROM generate_series(1, {many}) n,
            LATERAL (SELECT {kinds} kind, {reasons} reason, 'request-' || n reference, {_WHICH.format(1, APPLICATIONS)} app,
                {_WHICH.format(7, APIS)} api OFFSET 0) made,
            LATERAL (SELECT kind IN ('s', 'fp', 'sertft') by_person) people""",
        neighbour.tenant.pk,
        huge.tenant.pk,
    )


def _count() -> None:
    """The counts of the last two weeks, as `tenants.audit.counts` keeps them."""
    _run(
        f"""INSERT INTO {LogCount._meta.db_table} (tenant_id, hour, audience, reason, total)
        SELECT tenant_id, date_trunc('hour', date), audience, coalesce(details ->> 'reason', ''), count(*)
        FROM {LogEvent._meta.db_table} WHERE type IN ('seccft', 'feccft', 'sertft')
        AND date > now() - interval '{COUNTED_DAYS} days' GROUP BY 1, 2, 3, 4"""
    )
