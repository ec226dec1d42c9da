"""Stock django-oauth-toolkit, as its tutorial sets it up: the peer that `tests.bench` measures us against."""
