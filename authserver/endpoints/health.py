"""GET /livez (this process runs) and GET /readyz (it can issue tokens). Neither belongs to a tenant."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tenants.models import SigningKey, Tenant


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Depends on nothing: a balancer restarts a process for failing this one."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, is migrated, and every tenant has a key to sign with; else 503 and what is missing."""
    try:
        missing = _missing()
    except DatabaseError:
        missing = "database"
    if missing:
        return JsonResponse({"status": "unavailable", "missing": missing}, status=503, headers={"Retry-After": "1"})
    return JsonResponse({"status": "ok"})


def _missing() -> str:
    connection.ensure_connection()
    if not _migrated():
        return "migrations"
    signing = SigningKey.objects.filter(state=SigningKey.State.CURRENT).values("tenant")
    return "signing_key" if Tenant.objects.exclude(pk__in=signing).exists() else ""


def _migrated() -> bool:
    """Once a process has seen its migrations applied they stay applied: no need to read them for every probe."""
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _seen_migrated.append(True)
    return True


_seen_migrated: list[bool] = []
