"""What the console says an application would get is what it gets: compared with real requests, case by case."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apis.models import ClientGrant
from apis.services.client_grants import create_client_grant
from authserver import errors
from authserver.admin.api_applications import ApplicationsOfAPI
from authserver.admin.application_apis import APIsOfApplication
from authserver.admin.effective_answer import EffectiveAnswers, effective_answer
from authserver.admin.switches import finding
from authserver.models import AuthorizationRequest
from tenants import config_cache
from tenants.models import Tenant
from tests import client_keys, factories
from tests.factories import BY

READ, CREATE = factories.SCOPES
MACHINE = {
    "enabled": (True, True, True, True, False),
    "proof": ("secret", "secret", "key", "key", "expired secret", "no secret", "expired key", "public"),
    "grant_types": (["client_credentials"], ["client_credentials", "authorization_code"], ["authorization_code"]),
    "own": (None, (), (READ,), (READ, CREATE), "all"),
    "by_default": (None, None, (CREATE,)),
    "is_first_party": (True, False),
    "client_policy": ("require_client_grant", "require_client_grant", "require_client_grant", "deny_all"),
    "apis_section": (True, True, True, True, False),
    "asked": ((), (), (READ,), (READ, CREATE), ("fly:rockets",)),
}
PERSONS = {
    "enabled": (True, True, False),
    "grant_types": (["authorization_code", "refresh_token"], ["authorization_code"], ["client_credentials"]),
    "own": (None, (), (READ,), "all"),
    "by_default": (None, (CREATE,)),
    "is_first_party": (True, False),
    "user_policy": ("allow_all", "require_client_grant", "require_client_grant", "deny_all"),
    "apis_section": (True, True, False),
    "asked": ((), (READ,), (READ, CREATE, "fly:rockets"), ("openid", "offline_access", CREATE)),
}


def combinations(table, count):
    """As many of all combinations, the same ones in each run; a value that stands twice comes twice as often."""
    draw = random.Random(20261122)
    return [SimpleNamespace(**{name: draw.choice(values) for name, values in table.items()}) for _ in range(count)]


def arrange(world, application, case, subject_type):
    """Stores what `case` says, as it may stand in a database."""
    settings = {name: getattr(case, name) for name in ("enabled", "grant_types", "is_first_party")}
    type(application).objects.filter(pk=application.pk).update(**settings)
    type(world.api).objects.filter(pk=world.api.pk).update(
        client_policy=getattr(case, "client_policy", "require_client_grant"),
        user_policy=getattr(case, "user_policy", "allow_all"),
    )
    Tenant.objects.filter(pk=world.tenant.pk).update(flags={"enable_apis_section": case.apis_section})
    ClientGrant.objects.filter(tenant=world.tenant).delete()
    for application_or_none, scopes in ((application, case.own), (None, case.by_default)):
        if scopes is not None:
            create_client_grant(
                application_or_none,
                world.api,
                () if scopes == "all" else scopes,
                by=BY,
                subject_type=subject_type,
                allow_all_scopes=scopes == "all",
                default_for="" if application_or_none else "third_party_clients",
            )


def arrange_proof(application, case):
    """Gives `application` what it proves itself with."""
    over = timezone.now() - timedelta(days=1)
    methods = {"key": "private_key_jwt", "expired key": "private_key_jwt", "public": "none"}
    method = methods.get(case.proof, "client_secret_post")
    type(application).objects.filter(pk=application.pk).update(token_endpoint_auth_method=method)
    application.secrets.update(expires_at=over if case.proof in ("expired secret", "no secret") else None)
    application.credentials.update(expires_at=over if case.proof == "expired key" else None)


def request_of(world, case):
    """The token request that the case's application would send."""
    if case.proof.endswith("key"):
        proof = {"client_id": None, "client_secret": None}
        return proof | client_keys.proof(client_keys.assertion(world.application, world))
    return {"client_secret": None} if case.proof == "public" else {}


def fresh(world, application):
    """The rows as they are stored now."""
    config_cache.clear()
    application = type(application).objects.get(pk=application.pk)
    return Tenant.objects.get(pk=world.tenant.pk), application, type(world.api).objects.get(pk=world.api.pk)


def found_by_both_filters(tenant, application, api):
    """Whether the filter "May call" of both sides finds the pair."""
    api.tenant = application.tenant = tenant
    by_api, by_application = ApplicationsOfAPI(None, api), APIsOfApplication(None, application)
    one = by_api.everything().filter(finding.may_call(by_api), pk=application.pk).exists()
    other = by_application.everything().filter(finding.may_call(by_application), pk=api.pk).exists()
    assert one == other
    return one


def test_an_answer_for_a_machine_is_what_the_token_endpoint_says(acme):
    client_keys.add_key(acme.application)
    outcomes = {True: 0, False: 0}
    for case in combinations(MACHINE, 120):
        arrange(acme, acme.application, case, "client")
        arrange_proof(acme.application, case)
        tenant, application, api = fresh(acme, acme.application)
        answer = effective_answer(tenant, application, api, case.asked)
        response = acme.ask(**request_of(acme, case), scope=" ".join(case.asked) or None)
        outcomes[answer.allowed] += 1
        assert answer.allowed == (response.status_code == 200), (case, answer, response.content)
        if answer.allowed:
            assert answer.scopes == tuple(response.json().get("scope", "").split()), case
        else:
            assert is_told(acme, answer, "feccft"), (case, answer)
        everything = effective_answer(tenant, application, api)
        assert found_by_both_filters(tenant, application, api) == everything.allowed, case
    assert min(outcomes.values()) > 10, "the combinations are one-sided"


def is_told(world, answer, event_type):
    """Whether what really stood in the way is among the obstacles: the first, where the answer says so in one word."""
    event = max(world.events(event_type), key=lambda event: event.pk)
    reason = getattr(errors, event.details["reason"])
    return any(issubclass(reason, getattr(errors, each.reason)) for each in answer.obstacles)


def test_an_answer_for_users_is_what_the_authorization_endpoint_says(people):
    world, outcomes = people.world, {True: 0, False: 0}
    for case in combinations(PERSONS, 80):
        arrange(world, people.web, case, "user")
        tenant, application, api = fresh(world, people.web)
        AuthorizationRequest.objects.all().delete()
        response = people.authorize(people.browser(), scope=" ".join(case.asked) or None)
        allowed = response.headers.get("Location", "").startswith("/u/login")
        answer = effective_answer(tenant, application, api, case.asked, subject_type="user")
        outcomes[allowed] += 1
        assert answer.allowed == allowed, (case, answer, response.content)
        if allowed and case.asked:
            assert " ".join(answer.scopes) == AuthorizationRequest.objects.get().params["scope"], case
            assert set(answer.not_granted) == set(case.asked) - set(answer.scopes)
        if case.user_policy == "require_client_grant":
            everything = effective_answer(tenant, application, api, subject_type="user")
            assert found_by_both_filters(tenant, application, api) == everything.allowed, case
    assert min(outcomes.values()) > 10, "the combinations are one-sided"


def test_what_is_supposed_is_what_comes_true(acme):
    before = ClientGrant.objects.get(application=acme.application)
    key = (acme.application.pk, acme.api.pk, "client")
    answers = EffectiveAnswers.read(acme.tenant, [acme.application], [acme.api])
    for held in ((READ,), (), None):
        supposed = answers.supposing({key: held}).of(acme.application, acme.api)
        before.permissions.set(acme.api.permissions.filter(value__in=held or ()))
        if held is None:
            before.delete()
        come_true = effective_answer(acme.tenant, acme.application, acme.api)
        assert (supposed.allowed, supposed.scopes) == (come_true.allowed, come_true.scopes)
    assert answers.of(acme.application, acme.api).scopes == (READ, CREATE), "supposing changes nothing"


def test_a_third_party_whose_switch_goes_off_falls_back_to_the_default(acme):
    acme.application.is_first_party = False
    acme.application.save()
    create_client_grant(None, acme.api, [CREATE], by=BY, default_for="third_party_clients")
    answers = EffectiveAnswers.read(acme.tenant, [acme.application], [acme.api])
    supposed = answers.supposing({(acme.application.pk, acme.api.pk, "client"): None})
    assert supposed.of(acme.application, acme.api).scopes == (CREATE,)


def test_all_obstacles_are_said_at_once_each_with_the_way_out(acme):
    application = acme.application
    application.secrets.all().delete()
    type(application).objects.filter(pk=application.pk).update(enabled=False, grant_types=[])
    application.refresh_from_db()
    obstacles = effective_answer(acme.tenant, application, acme.api).obstacles
    said = [each.sentence for each in obstacles]
    assert said == [
        "It has no secret that works: add one.",
        "The application is disabled.",
        "It may not use the grant type client_credentials: switch it on.",
    ]
    assert all(each.link.url.startswith(f"/admin/apis/application/{application.pk}/") for each in obstacles)


def test_a_tenant_without_a_domain_answers_nobody(acme):
    acme.tenant.domains.all().delete()
    answer = effective_answer(acme.tenant, acme.application, acme.api)
    assert (answer.allowed, "no domain" in answer.sentence) == (False, True)
    assert not found_by_both_filters(acme.tenant, acme.application, acme.api)


def test_secrets_are_not_decrypted_for_an_answer(acme, monkeypatch):
    from apis.registry import loading

    hs256 = factories.make_api(acme.tenant, "urn:hs", signing_alg="HS256")
    monkeypatch.setattr(loading.encryption, "decrypt", lambda _: pytest.fail("decrypted"))
    assert not effective_answer(acme.tenant, acme.application, hs256).allowed


def test_a_page_of_answers_costs_no_more_statements_than_one(acme):
    def cost(applications):
        with CaptureQueriesContext(connection) as queries:
            answers = EffectiveAnswers.read(acme.tenant, applications, [acme.api])
            for application in applications:
                answers.of(application, acme.api).sentence  # noqa: B018
        return len(queries)

    others = [factories.make_application(acme.tenant, f"Service {number}")[0] for number in range(12)]
    for each in others[::2]:
        factories.grant(each, acme.api, (READ,))
    alone = cost([acme.application])
    acme.api = type(acme.api).objects.get(pk=acme.api.pk)
    assert cost([acme.application, *others]) == alone <= 6
