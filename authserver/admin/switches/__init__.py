"""Who may call what, as switches: the tab of an API with its applications, and that of an application with its APIs.

One page for both sides (`sides`): rows are found (`finding`) and shown (`rows`), what was ticked is read (`posted`), the
difference is shown before it is written (`review`), and a request can be tried without being sent (`what_if`).
"""
