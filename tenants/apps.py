from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Tenant"

    def ready(self) -> None:
        from tenants import admin, checks  # noqa: F401  (registering is the point)
