"""Which permissions of an API a user holds. Whether they narrow a token decides `authserver.policy`."""

from apis.models import Permission


def held_permissions(user_pk: int, api_id: str) -> frozenset[str]:
    """The values of every permission of the API `api_id` that the user holds, directly or by a role. One SQL statement."""
    # Two lists in one statement: a single join over both would multiply the holders of a role with the direct ones.
    of_api = Permission.objects.filter(api_id=api_id).order_by().values_list("value", flat=True)
    return frozenset(of_api.filter(roles__users=user_pk).union(of_api.filter(holders__user=user_pk)))
