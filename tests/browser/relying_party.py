"""An application with a server of its own: it logs people in by code, code + PKCE or hybrid, and calls the orders API.

Works with links and redirects alone; what a browser has no script for, this server does.
"""

import base64
import hashlib
import secrets
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.browser.orders_api import AUDIENCE
from tests.browser.serving import Site

SCOPE = "openid profile email offline_access read:orders"
FLOWS: dict[str, dict[str, str]] = {
    "code": {"response_type": "code"},
    "pkce": {"response_type": "code", "code_challenge_method": "S256"},
    "hybrid": {"response_type": "code id_token", "response_mode": "form_post"},
}


def page(title: str, body: str = "", script: str = "") -> str:
    """A page of an application."""
    loaded = f'<script type="module" src="{script}"></script>' if script else ""
    icon = '<link rel="icon" href="data:,">'
    return f'<!DOCTYPE html><html lang="en"><title>{title}</title>{icon}{loaded}<h1>{title}</h1>{body}</html>'


class RelyingParty(Site):
    """`server` has: issuer (`Issuer`), client_id, client_secret ("" for a public client), http (httpx), api (address)."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        step = {"/login": self._begin, "/callback": self._finish, "/orders": self._orders, "/refresh": self._refresh}
        step |= {"/logout": self._log_out, "/bye": lambda _: self.answer(page("Goodbye"))}
        step.get(parts.path, lambda _: self.answer(page("Shop", _LINKS)))(dict(parse_qsl(parts.query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._finish(dict(parse_qsl(body)))

    def _begin(self, query: dict[str, str]) -> None:
        asked = FLOWS[query["flow"]] | {"state": secrets.token_urlsafe(16), "nonce": secrets.token_urlsafe(16)}
        verifier = secrets.token_urlsafe(32)
        if query["flow"] == "pkce":
            digest = hashlib.sha256(verifier.encode()).digest()
            asked["code_challenge"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self.server.waiting = asked | {"verifier": verifier}
        usual = {"client_id": self.server.client_id, "redirect_uri": f"{self.server.origin}/callback"}
        usual |= {"scope": SCOPE, "audience": AUDIENCE}
        self.redirect(f"{self.server.issuer.issuer}authorize?{urlencode(usual | asked)}")

    def _finish(self, answer: dict[str, str]) -> None:
        waiting, server = self.server.waiting, self.server
        assert (answer["state"], answer["iss"]) == (waiting["state"], server.issuer.issuer), answer
        if "error" in answer:
            return self.answer(page("Not logged in", escape(answer["error"])))
        if "id_token" in answer:
            claims = server.issuer.verified(answer["id_token"], server.client_id)
            assert claims["nonce"] == waiting["nonce"]
            assert claims["c_hash"]
        proof = {"code_verifier": waiting["verifier"]} if "code_challenge" in waiting else {}
        callback = f"{server.origin}/callback"
        server.tokens = self._ask(grant_type="authorization_code", code=answer["code"], redirect_uri=callback, **proof)
        claims = server.issuer.verified(server.tokens["id_token"], server.client_id)
        assert claims["nonce"] == waiting["nonce"]
        server.claims = claims
        return self.answer(page(f"Welcome, {escape(claims['name'])}", _LINKS))

    def _orders(self, _: dict[str, str]) -> None:
        header = {"Authorization": f"Bearer {self.server.tokens['access_token']}"}
        answer = self.server.http.get(self.server.api, headers=header)
        self.answer(page(f"Orders: {answer.status_code}", escape(answer.text) + _LINKS))

    def _refresh(self, _: dict[str, str]) -> None:
        before = self.server.tokens
        after = self._ask(grant_type="refresh_token", refresh_token=before["refresh_token"])
        assert after["access_token"] != before["access_token"]
        self.server.tokens = before | after
        self.answer(page("Refreshed", _LINKS))

    def _log_out(self, _: dict[str, str]) -> None:
        asked = {"id_token_hint": self.server.tokens["id_token"], "post_logout_redirect_uri": f"{self.server.origin}/bye"}
        self.redirect(f"{self.server.issuer.issuer}oidc/logout?{urlencode(asked)}")

    def _ask(self, **form: str) -> dict[str, Any]:
        """POST to the token endpoint."""
        named = {"client_id": self.server.client_id}
        named |= {"client_secret": self.server.client_secret} if self.server.client_secret else {}
        answer = self.server.http.post(f"{self.server.issuer.issuer}oauth/token", data=named | form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


_LINKS = "".join(
    f'<p><a id="{name}" href="{path}">{name}</a></p>'
    for name, path in {flow: f"/login?flow={flow}" for flow in FLOWS}.items()
    | {step: f"/{step}" for step in ("orders", "refresh", "logout")}.items()
)
