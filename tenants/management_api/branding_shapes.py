"""Branding as /api/v2 writes and reads it, in Auth0's words. The logo is that of the tenant's settings (`picture_url`)."""

from typing import Any

from rest_framework import serializers

from tenants.models import Tenant
from tenants.rest.fields import Text, Unsupported
from tenants.rest.serializers import Body

_NO_GRADIENTS = "The page background is one colour, # and six digits: gradients are not supported"


class PlainColour(Text):
    """A colour; Auth0 knows gradients here, too."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, dict):
            raise serializers.ValidationError(_NO_GRADIENTS)
        return super().to_internal_value(data)


class Colors(Body):
    """Which colours can be read by everybody is for `tenants.branding.rules` to say."""

    primary = Text(required=False, allow_null=True, max_length=7, source="primary_color")
    page_background = PlainColour(required=False, allow_null=True, max_length=7, source="page_background_color")


class BrandingPatch(Body):
    colors = Colors(required=False, allow_null=True)
    logo_url = Text(required=False, allow_null=True, max_length=200, source="picture_url")
    favicon_url = Text(required=False, allow_null=True, max_length=200)
    font = Unsupported("Pages use the fonts of the system they are shown on", harmless=[{}, {"url": ""}])
    cleared = {"picture_url": "", "favicon_url": ""}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What `services.update_tenant` takes."""
        if "colors" not in attrs:
            return attrs
        colours = attrs.pop("colors") or {}
        return attrs | {name: colours.get(name) or "" for name in ("primary_color", "page_background_color")}


class BrandingAnswer(Body):
    """What was chosen. A tenant that chose nothing looks as we do, and answers an empty object."""

    colors = serializers.SerializerMethodField()
    logo_url = Text(source="picture_url")
    favicon_url = Text()

    def get_colors(self, tenant: Tenant) -> dict[str, str] | None:
        colours = {"primary": tenant.primary_color, "page_background": tenant.page_background_color}
        return {name: colour for name, colour in colours.items() if colour} or None
