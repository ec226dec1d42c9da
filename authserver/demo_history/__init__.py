"""The week that the demo tenant has behind it: log events that were made up, and say so (`details.synthetic`).

`fill` is the way in. `stage` says who plays, `tokens` and `people` what one of them does, with the reasons and remedies that
the server itself gives; `habits` how often, `rhythm` when. Writes events and nothing else, in the tenant of `make run` only.
"""

from authserver.demo_history.filling import fill

__all__ = ["fill"]
