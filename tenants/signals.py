"""What the ground floor tells the floors above, which it may not import."""

from django.dispatch import Signal

# A tenant was just created, in its transaction. Arguments: tenant, by.
tenant_created = Signal()

# A tenant's settings are about to change; a receiver raises ValidationError to refuse. Arguments: tenant, values.
settings_changing = Signal()
