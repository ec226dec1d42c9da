"""Which audiences are an API's: the counts of tokens are kept for those, and for all others together."""

from collections.abc import Mapping

from apis.models import API
from apis.models.api import SYSTEM_IDENTIFIER
from tenants.audit.counts import Named
from tenants.models import Domain


def identifiers(named: set[Named]) -> Mapping[Named, str]:
    """The identifier of the API behind each (tenant id, audience) of `named` that has one. The Management API has its row's,

    whichever of the tenant's domains it was asked for at.
    """
    tenant_ids = {tenant_id for tenant_id, _ in named}
    found = {(tenant_id, audience): audience for tenant_id, audience in named & _of_apis(named, tenant_ids)}
    if any(audience.endswith(SYSTEM_IDENTIFIER) for _, audience in named - found.keys()):
        for domain in Domain.objects.filter(tenant_id__in=tenant_ids):
            found[domain.tenant_id, f"{domain.issuer.rstrip('/')}{SYSTEM_IDENTIFIER}"] = SYSTEM_IDENTIFIER
    return found


def _of_apis(named: set[Named], tenant_ids: set[int]) -> set[Named]:
    rows = API.objects.filter(tenant_id__in=tenant_ids, identifier__in={audience for _, audience in named}, is_system=False)
    return set(rows.order_by().values_list("tenant_id", "identifier"))
