"""The server of a single-page application: it hands out a page, a script and settings, and never sees a token."""

import json
from pathlib import Path
from typing import Any

from tests.browser.orders_api import AUDIENCE
from tests.browser.relying_party import SCOPE, page
from tests.browser.serving import Site

SCRIPT = Path(__file__).with_name("spa.js").read_text()


class SinglePage(Site):
    """`server` has: settings (issuer, clientId, audience, api)."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/spa.js":
            return self.answer(SCRIPT, Content_Type="text/javascript")
        if path == "/settings.json":
            return self.answer(json.dumps(self.server.settings | {"scope": SCOPE}), Content_Type="application/json")
        return self.answer(page("Tracker", "<p></p><output></output>", "/spa.js"))


def verified(sites: dict[str, Any], tokens: dict[str, str], nonce: str) -> dict[str, Any]:
    """The access token's claims; both tokens are proven from the key set."""
    spa = sites["spa"]
    claims = spa.issuer.verified(tokens["id_token"], spa.settings["clientId"])
    assert claims["nonce"] == nonce
    return dict(spa.issuer.verified(tokens["access_token"], AUDIENCE))
