"""The parameters of a token request."""

from dataclasses import dataclass, field

from authserver import errors
from authserver.params.reading import form_or_json


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The parameters of a token request. Absent ones are "". `secret` values are kept out of its repr."""

    grant_type: str
    values: dict[str, str] = field(repr=False)
    resources: tuple[str, ...] = ()
    ip: str = ""
    forwarded_for: str = ""

    def get(self, name: str) -> str:
        """The value of parameter `name`, "" when it was not sent."""
        return self.values.get(name, "")

    def require(self, name: str) -> str:
        """The value of parameter `name`. Raises MissingParameter."""
        value = self.values.get(name)
        if not value:
            raise errors.MissingParameter(parameter=name)
        return value


def token_request(content_type: str, body: bytes, *, ip: str = "", forwarded_for: str = "") -> TokenRequest:
    """The token request in `body`, sent from `ip`, for the person at `forwarded_for` if that is to be believed.

    Raises UnsupportedContentType, InvalidRequest, RepeatedParameter, MissingParameter.
    """
    values, resources = form_or_json(content_type, body)
    if "grant_type" not in values:
        raise errors.MissingParameter(parameter="grant_type")
    return TokenRequest(values["grant_type"], values, resources, ip, forwarded_for)
