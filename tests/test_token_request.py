"""What the token endpoint makes of a body: form or JSON, each parameter once, UTF-8, of bounded size. Never a 500."""

import json

import pytest

from authserver.params.reading import MAX_BODY

FORM = "application/x-www-form-urlencoded"


def post(world, body, content_type=FORM):
    return world.http().post("/oauth/token", body, content_type=content_type)


def assert_invalid_request(response, text, status=400):
    assert response.status_code == status, response.content
    assert response.json()["error"] == "invalid_request"
    assert text in response.json()["error_description"]


@pytest.mark.parametrize("name", ["grant_type", "client_id", "audience", "scope", "unknown_parameter"])
def test_T010_a_repeated_parameter_is_refused_and_named(acme, name):
    assert_invalid_request(post(acme, f"grant_type=client_credentials&{name}=a&{name}=b"), "Parameter sent more than once: ")
    assert_invalid_request(
        post(acme, f'{{"grant_type": "client_credentials", "{name}": "a", "{name}": "b"}}', "application/json"), name
    )


def test_T010_a_parameter_repeated_with_an_empty_value_is_refused_too(acme):
    assert_invalid_request(post(acme, "grant_type=client_credentials&scope=a&scope="), "scope")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_another_content_type_is_refused_and_told_what_is_right(acme, content_type):
    assert_invalid_request(post(acme, "grant_type=client_credentials", content_type), "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"grant_type=\xff\xfe", FORM),
        (b"grant_type=%ff%fe", FORM),
        (b'{"grant_type": "\xff"}', "application/json"),
        (b'{"grant_type": "\\ud800"}', "application/json"),
    ],
)
def test_what_is_not_utf8_is_refused(acme, body, content_type):
    assert_invalid_request(post(acme, body, content_type), "UTF-8")


@pytest.mark.parametrize("body", [" ", "[]", '"text"', "null", "{", "NaN", "{]"])
def test_json_must_be_an_object(acme, body):
    assert_invalid_request(post(acme, body, "application/json"), "JSON object")


@pytest.mark.parametrize("value", [1, True, {"a": "b"}, ["x"], 1.5])
def test_json_values_must_be_text(acme, value):
    body = json.dumps({"grant_type": "client_credentials", "audience": value})
    assert_invalid_request(post(acme, body, "application/json"), "Parameter must be a string: audience")


def test_resource_may_be_a_list_in_json_and_repeated_in_a_form(acme):
    assert acme.ask(audience=None, resource=[acme.api.identifier, acme.api.identifier]).status_code == 200
    assert_invalid_request(acme.ask(resource=[1]), "resource")


def test_a_missing_grant_type_is_named(acme):
    assert_invalid_request(post(acme, "client_id=x"), "Missing required parameter: grant_type")


def test_T142_a_body_that_is_too_large_is_refused_with_413(acme):
    response = post(acme, "grant_type=client_credentials&padding=" + "x" * MAX_BODY)
    assert_invalid_request(response, str(MAX_BODY), status=413)


@pytest.mark.parametrize("content_type", [FORM, "application/json"])
def test_T142_too_many_parameters_are_refused(acme, content_type):
    names = {f"p{number}": "x" for number in range(101)}
    body = json.dumps(names) if "json" in content_type else "&".join(f"{name}=x" for name in names)
    assert_invalid_request(post(acme, body, content_type), "More than 100 parameters")


def test_T142_deeply_nested_json_is_refused(acme):
    deep = '{"a":' * 5_000 + "1" + "}" * 5_000
    assert post(acme, deep, "application/json").status_code == 400
    shallower = '{"a":' * 990 + "1" + "}" * 990
    assert post(acme, shallower, "application/json").status_code == 400


def test_T013_nul_in_a_parameter_is_a_bad_request(acme):
    assert_invalid_request(acme.ask(audience="a\x00b"), "NUL")
    assert_invalid_request(post(acme, "grant_type=client_credentials&scope=%00"), "NUL")


def test_T142_a_hundred_thousand_scopes_are_refused_quickly(acme):
    assert acme.ask(scope=" ".join("s" for _ in range(30_000))).status_code == 403
    assert acme.ask(scope=" ".join(f"s{number}" for number in range(20_000))).status_code == 413


def test_T013_what_a_client_sent_is_text_in_the_answer_never_markup(acme):
    response = acme.ask(audience="<script>alert(1)</script>\r\nX-Injected: 1")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Injected" not in response.headers


def test_a_wrong_content_length_is_a_bad_request(acme):
    response = acme.http().post("/oauth/token", "x", content_type=FORM, CONTENT_LENGTH="many")
    assert_invalid_request(response, "Content-Length")
