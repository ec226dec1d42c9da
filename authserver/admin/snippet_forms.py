"""A POST of a form, written for curl, HTTPie, Python and Node. Knows the four languages and no parameter of ours."""

import json
from collections.abc import Mapping


class Expression(str):
    """A value that is code of the language itself, not a text."""

    __slots__ = ()


def curl(url: str, values: Mapping[str, str], *options: str) -> str:
    """`options` stand between the address and the form's values, each on a line of its own, as below."""
    sent = [f"--data-urlencode {_pair(name, value)}" for name, value in values.items()]
    return " \\\n  ".join([f"curl --request POST {quoted(url)}", *options, *sent])


def httpie(url: str, values: Mapping[str, str], *options: str) -> str:
    sent = [_pair(name, _plain(value)) for name, value in values.items()]
    return " \\\n  ".join([f"http --form POST {quoted(url)}", *options, *sent])


def python(url: str, values: Mapping[str, str], *arguments: str, before: str = "import httpx\n") -> str:
    """`before` are the lines that stand above the call."""
    given = "".join(f"    {argument},\n" for argument in [f"data={_members(values, 4)}", *arguments])
    return f"{before}\nresponse = httpx.post(\n    {json.dumps(url)},\n{given})\nprint(response.json())"


def node(url: str, values: Mapping[str, str], *options: str, before: str = "") -> str:
    body = f"body: new URLSearchParams({_members(values, 2)})"
    given = "".join(f"  {option},\n" for option in ['method: "POST"', *options, body])
    return f"{before}const response = await fetch({json.dumps(url)}, {{\n{given}}});\nconsole.log(await response.json());"


def quoted(text: str) -> str:
    """`text` as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def _plain(value: str) -> str:
    """For HTTPie a value that begins with one of these is the name of a file to send, or no part of the form."""
    return value if isinstance(value, Expression) or value[:1] not in ("@", "=") else "\\" + value


def _pair(name: str, value: str) -> str:
    """In double quotes, a shell looks at what a variable holds."""
    return f'"{name}={value}"' if isinstance(value, Expression) else quoted(f"{name}={value}")


def _members(values: Mapping[str, str], indent: int) -> str:
    """A literal that Python and JavaScript read alike, a member a line, for a place that is indented so far."""
    before = " " * indent
    told = (
        f"{before}    {json.dumps(name)}: {value if isinstance(value, Expression) else json.dumps(value)},\n"
        for name, value in values.items()
    )
    return f"{{\n{''.join(told)}{before}}}"
