"""/api/v2/refresh-tokens: which applications stay signed in, for whom. A row of ours is a token family that holds one."""

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from authserver import services
from authserver.management_api import found
from authserver.management_api.audiences import has_audience
from authserver.management_api.refresh_token_shapes import (
    RefreshTokenAnswer,
    RefreshTokenPatch,
    RefreshTokensQuery,
    RefreshTokensRevoke,
    shown,
)
from authserver.models import TokenFamily
from tenants.management_api import found_users
from tenants.rest.errors import ManagementError
from tenants.rest.operations import operation
from tenants.rest.views import ManagementView


class RefreshTokens(ManagementView):
    @operation(
        "Get refresh tokens",
        "read:refresh_tokens",
        query=RefreshTokensQuery,
        answer=RefreshTokenAnswer,
        # As the SDKs read it, unlike the list at a user's own address.
        lists="refresh_tokens",
        order=("created_at", "pk"),
    )
    def get(self, request: Request) -> QuerySet[TokenFamily]:
        user = found_users.found(self.http.tenant, self.query["user_id"])
        rows = found.refresh_tokens(self.http.tenant).filter(user=user)
        if "client_id" in self.query:
            rows = rows.filter(application__client_id=self.query["client_id"])
        return shown(rows)


class RefreshToken(ManagementView):
    @operation("Get a refresh token", "read:refresh_tokens", answer=RefreshTokenAnswer)
    def get(self, request: Request, key: str) -> TokenFamily:
        return self._found(key)

    @operation("Update a refresh token", "update:refresh_tokens", body=RefreshTokenPatch, answer=RefreshTokenAnswer)
    def patch(self, request: Request, key: str) -> TokenFamily:
        family = self._found(key)
        if "refresh_token_metadata" in self.body:
            services.set_refresh_token_metadata(family, self.body["refresh_token_metadata"], by=self.actor)
        return family

    @operation("Delete a refresh token", "delete:refresh_tokens", status=202)
    def delete(self, request: Request, key: str) -> None:
        if family := self._first(key):
            services.revoke_family(family, by=self.actor)

    def _found(self, key: str) -> TokenFamily:
        family = self._first(key)
        if family is None:
            raise ManagementError(404, "The refresh token does not exist", "inexistent_refresh_token")
        return family

    def _first(self, key: str) -> TokenFamily | None:
        return shown(found.refresh_tokens(self.http.tenant)).filter(pk=key).first()


class RefreshTokensRevocation(ManagementView):
    @operation("Revoke refresh tokens", "delete:refresh_tokens", status=202, body=RefreshTokensRevoke)
    def post(self, request: Request) -> None:
        """What nobody has, or somebody else's tenant has, is as dead as asked for."""
        services.revoke_refresh_tokens(self.http.tenant, self._which(), by=self.actor, chosen=self.body)

    def _which(self) -> Q:
        which, chosen = Q(), self.body
        if "ids" in chosen:
            which &= Q(pk__in=chosen["ids"])
        if "user_id" in chosen:
            which &= Q(user__user_id=chosen["user_id"])
        if "client_id" in chosen:
            which &= Q(application__client_id=chosen["client_id"])
        if "audience" in chosen:
            which &= has_audience(self.http.tenant, chosen["audience"])
        return which
