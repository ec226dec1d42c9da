def test_a_service_gets_a_token_for_its_api(acme):
    response = acme.ask()
    assert response.status_code == 200, response.content
