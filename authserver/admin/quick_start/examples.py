"""Which code an application is shown: by its type and by how it proves who it is.

The texts stand in `templates/admin/apis/application/code/`; a machine's request is `authserver.admin.request_snippets`'.
"""

from dataclasses import dataclass

from apis.models import Application, AppType, TokenEndpointAuthMethod


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of code. `caption` says where it goes; `name` is its file, without which `text` is the code itself."""

    caption: str
    name: str = ""
    text: str = ""

    @property
    def template(self) -> str:
        return f"admin/apis/application/code/{self.name}.txt"


@dataclass(frozen=True, slots=True)
class Example:
    """The code in one language or with one library, in the order in which it is needed."""

    title: str
    library: str
    code: tuple[Code, ...]


_INSTALL = "Install"
_NODE = Example("Node.js", "express-openid-connect", (Code(_INSTALL, "express_install"), Code("server.js", "express")))
_PYTHON = Example("Python", "Authlib and Flask", (Code(_INSTALL, "authlib_install"), Code("app.py", "authlib")))
_SPA = (
    Example("JavaScript", "auth0-spa-js", (Code(_INSTALL, "spa_install"), Code("app.js", "spa"))),
    Example("React", "auth0-react", (Code(_INSTALL, "react_install"), Code("main.jsx", "react"))),
)
_NATIVE = (
    Example("Android", "AppAuth, in Kotlin", (Code("build.gradle.kts", "android_install"), Code("SignIn.kt", "android"))),
    Example("iOS", "AppAuth, in Swift", (Code("Package.swift", "ios_install"), Code("SignIn.swift", "ios"))),
    Example("By hand", "a shell, to see each step", (Code("1. Sign in", "pkce_begin"), Code("2. Exchange", "pkce_end"))),
)
_BACKEND = (Example("curl", "to see the answer", (Code("Is this token good?", "introspect"),)),)


def of(application: Application) -> tuple[Example, ...]:
    """The examples for what people sign in to, and for the back end of an API."""
    if application.app_type == AppType.REGULAR_WEB:
        # Authlib signs assertions only with a class of one's own.
        by_key = application.token_endpoint_auth_method == TokenEndpointAuthMethod.PRIVATE_KEY_JWT
        return (_NODE,) if by_key else (_NODE, _PYTHON)
    return {AppType.SPA: _SPA, AppType.NATIVE: _NATIVE, AppType.RESOURCE_SERVER: _BACKEND}.get(
        AppType(application.app_type), ()
    )
