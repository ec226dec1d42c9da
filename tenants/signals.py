"""What the ground floor tells the floors above, which it may not import."""

from django.dispatch import Signal

# A tenant was just created, in its transaction. Arguments: tenant, by.
tenant_created = Signal()

# A tenant is about to get settings, new or changed; a receiver raises ValidationError to refuse. Arguments: tenant, values.
settings_changing = Signal()

# A tenant is about to answer at a domain; a receiver raises ValidationError to refuse. Arguments: tenant, domain (unsaved).
domain_adding = Signal()

# A person's sessions and tokens must end, in the transaction of the change that wants it. Arguments: user, reason, by.
user_access_ended = Signal()
PASSWORD_CHANGED = "password changed"
BLOCKED = "blocked"
