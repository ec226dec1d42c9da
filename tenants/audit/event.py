from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(slots=True)
class Event:
    """Something that happened. `marks` travels to the subscribers and is not stored."""

    type: str
    tenant_id: int
    description: str = ""
    client_id: str = ""
    client_name: str = ""
    ip: str = ""
    user_agent: str = ""
    user_id: str = ""
    user_name: str = ""
    audience: str = ""
    scope: str = ""
    hostname: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    date: datetime = field(default_factory=lambda: datetime.now(UTC))
    marks: dict[str, Any] = field(default_factory=dict)
