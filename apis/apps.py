from django.apps import AppConfig


class ApisConfig(AppConfig):
    name = "apis"
    verbose_name = "APIs and applications"

    def ready(self) -> None:
        from apis import admin, algorithm_receivers, receivers  # noqa: F401  (registering is the point)
