from django.apps import AppConfig


class AuthserverConfig(AppConfig):
    name = "authserver"
    verbose_name = "Sign-ins and consents"

    def ready(self) -> None:
        from authserver import admin, receivers  # noqa: F401  (registering is the point)
