"""auth0-deploy-cli, unmodified, moves a configuration from one tenant to another; the tool's own exports are the proof."""

import re
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
import yaml

from apis.services.demo.content import GRANTS
from tests.clients import staging
from tests.clients.deploy_cli import Tenant
from tests.clients.documents import KINDS, Document, content, done, importable, public_keys, without_nobody
from tests.clients.furnishing import LEFT_OVER, furnish, leave_over
from tests.clients.server import RealServer
from tests.management_api.keys import PRIVATE_KEY, PUBLIC_PEM

LIMITED = {"AUTH0_INCLUDED_ONLY": '["resourceServers", "clients", "clientGrants", "roles", "databases", "tenant"]'}
# Keys of applications are a kind of their own, which imports only.
WITH_KEYS = {"AUTH0_INCLUDED_ONLY": LIMITED["AUTH0_INCLUDED_ONLY"].replace("]", ', "clientAuthCredentials"]')}


@dataclass(frozen=True, slots=True)
class Story:
    """What the tool wrote of staging (`before`), told of two imports into production, and wrote of that after each."""

    before: Document
    told: str
    after: Document
    told_again: str
    after_again: Document
    production: Tenant


@pytest.fixture(scope="module")
def source(server: RealServer) -> Tenant:
    tenant = Tenant(server, "staging")
    with tenant.api() as api:
        furnish(api)
    return tenant


@pytest.fixture(scope="module")
def story(server: RealServer, source: Tenant, tmp_path_factory: pytest.TempPathFactory) -> Story:
    directory, production = tmp_path_factory.mktemp("deploy"), Tenant(server, "production")
    with production.api() as api:
        leave_over(api)
    before = source.export(directory / "before", **LIMITED)
    document = importable(before, PUBLIC_PEM)
    told = production.bring(document, directory / "import", **WITH_KEYS)
    after = production.export(directory / "after", **LIMITED)
    told_again = production.bring(document, directory / "import", AUTH0_ALLOW_DELETE="true", **WITH_KEYS)
    after_again = production.export(directory / "again", **LIMITED)
    return Story(before, told, after, told_again, after_again, production)


def test_an_export_names_everything_and_holds_no_id_and_no_client_secret(server: RealServer, story: Story) -> None:
    names = {row["name"] for kind in ("clients", "roles", "databases") for row in story.before[kind]}
    assert names >= {row["name"] for row in staging.CLIENTS} | set(staging.ROLES) | {"Staff"}
    assert {row["identifier"] for row in story.before["resourceServers"]} >= {staging.INVOICES, staging.STOCK, staging.CRM}
    assert len(story.before["clientGrants"]) == len(staging.CLIENT_GRANTS) + len(GRANTS)
    text = yaml.safe_dump(story.before)
    assert not re.findall(r"\b(?:cgr|con|rol|cred)_\w{16}|client_secret:", text)
    credentials = [server.tenants["staging"]["management"], *server.tenants["staging"]["applications"].values()]
    assert not [found["client_id"] for found in credentials if found["client_id"] in text]


def test_an_import_makes_all_of_it_and_an_export_of_that_is_the_same_document(story: Story) -> None:
    assert content(story.after) == content(story.before)
    made = {kind: done(story.told, "Created").count(kind) for kind in KINDS}
    # The application that the tool runs as is there already, under the same name.
    assert made == {kind: len(story.before[kind]) - (kind == "clients") for kind in KINDS}
    assert "Deleted" not in story.told


def test_what_the_document_lacks_stays_unless_deletion_is_allowed(story: Story) -> None:
    assert all(LEFT_OVER in yaml.safe_dump(story.after[kind]) for kind in KINDS)
    # The client grant goes with its application.
    assert sorted(done(story.told_again, "Deleted")) == sorted({*KINDS} - {"clientGrants"})
    assert LEFT_OVER not in yaml.safe_dump(story.after_again)


def test_a_second_import_makes_nothing_and_changes_nothing(story: Story) -> None:
    assert "Created" not in story.told_again
    assert {*KINDS, "tenant"} == set(done(story.told_again, "Updated"))
    assert content(story.after_again) == content(story.before)


def test_an_application_that_came_along_gets_tokens_with_the_key_that_it_had(story: Story) -> None:
    with story.production.api() as api:
        clients = {client["name"]: client["client_id"] for client in api.get("/api/v2/clients?per_page=100").json()}
    robot, now = clients["Robot with a key"], int(time.time())
    claims = {"iss": robot, "sub": robot, "aud": story.production.issuer, "exp": now + 60, "jti": uuid4().hex}
    asked = {"grant_type": "client_credentials", "client_id": robot, "audience": staging.STOCK}
    asked |= {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    asked |= {"client_assertion": jwt.encode(claims, PRIVATE_KEY, "RS256")}
    with story.production.http() as http:
        answer = http.post("/oauth/token", data=asked).json()
    assert answer["scope"] == "read:stock"


def test_an_export_of_everything_succeeds_and_has_nothing_else_in_it(story: Story, source: Tenant, tmp_path: Path) -> None:
    everything = source.export(tmp_path)
    assert content(everything) == content(story.before)
    assert everything["branding"].items() >= staging.BRANDING.items()
    assert {"actions", "emailTemplates", "guardianFactors", "pages", "prompts"} <= set(everything)
    assert not any(everything[kind] for kind in ("actions", "connections", "organizations", "pages", "logStreams"))


def test_our_own_export_is_the_same_document_but_for_four_things(server: RealServer, story: Story, tmp_path: Path) -> None:
    server.run("manage.py", "export_tenant", "staging", str(tmp_path))
    ours, theirs = yaml.safe_load((tmp_path / "tenant.yaml").read_text()), without_nobody(story.before)
    # The grant of the application that the tool runs as, which the tool leaves out.
    ours["clientGrants"] = [grant for grant in ours["clientGrants"] if not grant["audience"].startswith("##ISSUER##")]
    # Flags of ours, which the tool does not know.
    ours["tenant"]["flags"] = {name: ours["tenant"]["flags"][name] for name in theirs["tenant"]["flags"]}
    # Secrets of APIs, which ours writes only when asked to, and public keys, which the tool never writes.
    for resource_server in theirs["resourceServers"]:
        resource_server.pop("signing_secret", None)
    for key in public_keys(ours):
        del key["alg"], key["kid"], key["pem"]
    assert content(ours) == content(theirs)
    assert ours["branding"] == staging.BRANDING
