"""Translations as their files hold them, and the texts that the code and the templates ask for. Needs no gettext tools."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# The console speaks English.
_SOURCES = ("config", "tenants", "apis", "authserver")
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}


@dataclass(slots=True)
class Message:
    """An entry of a .po file: what is asked for, the plural of it, and what is answered, a text for each plural form."""

    msgid: str = ""
    plural: str = ""
    texts: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def messages(language: str) -> list[Message]:
    """The entries of `language`, its header left out."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    found = [_entry(block) for block in text.split("\n\n") if "msgid" in block]
    return [message for message in found if message.msgid]


def _entry(block: str) -> Message:
    message, values = Message(), {}
    name = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            message.flags = [flag.strip() for flag in line[2:].split(",")]
        elif found := re.match(r"(msgid_plural|msgid|msgstr(?:\[\d\])?) (.+)", line):
            name = found[1]
            values[name] = ast.literal_eval(found[2])
        elif line.startswith('"'):
            values[name] += ast.literal_eval(line)
    message.msgid, message.plural = values.get("msgid", ""), values.get("msgid_plural", "")
    message.texts = [text for name, text in sorted(values.items()) if name.startswith("msgstr")]
    return message


def asked_for() -> set[str]:
    """Every text that the public pages ask the translations for."""
    found: set[str] = set()
    for folder in _SOURCES:
        for path in (ROOT / folder).rglob("*.py"):
            found.update(_of_code(path.read_text(encoding="utf-8")))
    templates = ROOT / "templates"
    for path in templates.rglob("*.html"):
        if path.relative_to(templates).parts[0] != "admin":
            found.update(_of_template(path.read_text(encoding="utf-8")))
    return found


def _of_template(text: str) -> Iterator[str]:
    """From what Django makes of a template for gettext, which is Python in parts only."""
    for literal in re.findall(rf"""\b_?(?:n?gettext)?\(({_LITERAL})""", templatize(text)):
        yield str(ast.literal_eval(literal))


def _of_code(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        name = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and name in _CALLS and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
