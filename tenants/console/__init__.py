"""What all pages of the console share, and the base that every floor builds its pages on.

Owns: who may look at and change which tenant's rows, that every write goes through a service, how a secret is shown once.
Does not own any page: those stand in `tenants.admin`, `apis.admin` and so on, with the models they show.
"""
