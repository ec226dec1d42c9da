"""What `create_tenant --demo` adds, so that a newcomer has something to call and a console that is not empty.

`content` says what there is, `building` makes what is missing of it, `place` says where the demo may show itself. Owns no
log history: that is `authserver.demo_history`. The page /demo/ is `authserver.demo`.
"""

from apis.services.demo.building import Demo, ensure_demo
from apis.services.demo.content import API_IDENTIFIER, CONNECTION, EMAIL, PAGE_APPLICATION
from apis.services.demo.place import TENANT, has_page, is_demo

__all__ = [
    "API_IDENTIFIER",
    "CONNECTION",
    "EMAIL",
    "PAGE_APPLICATION",
    "TENANT",
    "Demo",
    "ensure_demo",
    "has_page",
    "is_demo",
]
