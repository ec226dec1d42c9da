"""What every refusal is."""

from typing import ClassVar


class OAuthError(Exception):
    """A refusal. `particulars` fill the dialect's sentence; `remedy` is for the log event only."""

    remedy: ClassVar[str] = ""
    # Whether newer settings could change the verdict. Where not, it is not asked again: nothing is used up twice.
    depends_on_settings: ClassVar[bool] = True

    def __init__(self, **particulars: str) -> None:
        super().__init__(type(self).__name__)
        self.particulars = particulars

    @property
    def private(self) -> str:
        """The admin's sentence: what was decided and what would change it."""
        return self.remedy.format_map(self.particulars)
