"""`q` of /users: what its fields mean. The language itself is `tenants.rest.lucene`."""

import re
from collections.abc import Iterator, Mapping

from django.db.models import CharField, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Lower, NullIf, StrIndex, Substr
from django.db.models.lookups import Exact

from tenants.models import User
from tenants.rest.lucene import Exists, Is, Match
from tenants.rest.lucene_fields import Kind, filter_of, flag, moment, number, text

# What a search looks at where the row says it in another way: as the index over e-mails does, and as an answer does.
_COMPUTED = {
    "folded_email": Lower("email"),
    "shown_name": Coalesce(NullIf("name", Value("")), "email", output_field=CharField()),
    "shown_nickname": Coalesce(
        NullIf("nickname", Value("")), Substr("email", 1, StrIndex("email", Value("@")) - 1), output_field=CharField()
    ),
}
_METADATA = ("user_metadata", "app_metadata")
# As deep as anybody asks, in names that the JSON paths of every database take as they are.
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*){0,4}")


def searched(users: QuerySet[User], q: str) -> QuerySet[User]:
    """Those of `users` that `q` finds. Raises ManagementError 400 for what is not understood."""
    return users.alias(**_COMPUTED).filter(filter_of(q, _Fields()))


def _email(found: Match) -> Q:
    return text("folded_email")(Is(found.value.lower(), found.before, found.after) if isinstance(found, Is) else found)


def _anywhere(found: Match) -> Q:
    """A word that stands alone is looked for anywhere in an e-mail or a name."""
    if not isinstance(found, Is):
        raise ValueError("A range needs a field, as in created_at:[2026-01-01 TO *]")
    return Q(email__icontains=found.value) | Q(name__icontains=found.value)


def _member(column: str, path: str) -> Kind:
    """A member of a JSON object, compared by its text: 5 and "5" are the same, true and "true", too."""
    first, *inner = path.split(".")
    member: KeyTransform = (KeyTransform if inner else KeyTextTransform)(first, column)
    for position, name in enumerate(inner, start=1):
        member = (KeyTextTransform if position == len(inner) else KeyTransform)(name, member)
    # Never NULL: what is not there is not equal to anything, and NOT finds it.
    shown = Coalesce(Cast(member, TextField()), Value(""), output_field=TextField())

    def match(found: Match) -> Q:
        match found:
            case Exists():
                return ~Q(Exact(shown, Value("")))
            case Is(value, before=False, after=False):
                return Q(Exact(shown, Value(value)))
        raise ValueError("Members of metadata are compared as a whole")

    return match


_COLUMNS: dict[str, Kind] = {
    "": _anywhere,
    "user_id": text("user_id"),
    "email": _email,
    "email_verified": flag("email_verified"),
    "name": text("shown_name", fold=True),
    "nickname": text("shown_nickname", fold=True),
    "given_name": text("given_name", fold=True),
    "family_name": text("family_name", fold=True),
    "phone_number": text("phone_number"),
    "blocked": flag("blocked"),
    "identities.connection": text("connection__name"),
    "last_ip": text("last_ip"),
    "last_login": moment("last_login"),
    "logins_count": number("logins_count"),
    "created_at": moment("created_at"),
    "updated_at": moment("updated_at"),
}


class _Fields(Mapping[str, Kind]):
    """The columns by their names, and every member of the metadata by its path."""

    def __getitem__(self, name: str) -> Kind:
        column, _, path = name.partition(".")
        if column in _METADATA and _PATH.fullmatch(path):
            return _member(column, path)
        return _COLUMNS[name]

    def __iter__(self) -> Iterator[str]:
        yield from _COLUMNS
        yield from (f"{column}.…" for column in _METADATA)

    def __len__(self) -> int:
        return len(_COLUMNS) + len(_METADATA)
