"""Django's admin, with our console as the default site.

Only our own admin modules are loaded (each app's `ready` does it): the toolkit's pages write models directly and know no
tenants, so they must not appear.
"""

from django.contrib.admin.apps import SimpleAdminConfig


class ConsoleConfig(SimpleAdminConfig):
    default_site = "tenants.console.site.ConsoleSite"
