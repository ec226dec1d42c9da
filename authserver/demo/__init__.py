"""The page /demo/ of `make run`: a single-page application that signs people in here, and the small API that it calls.

Both are clients of this server like any other: they use what is published and nothing else. `apis.services.demo` says
where they are shown.
"""
