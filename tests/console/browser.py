"""An operator at the console: opens a page, fills in its form as a browser would, sends it."""

from html.parser import HTMLParser
from typing import Any

from tests.conftest import SecureClient

LOGOUT = "logout-form"


class FormReader(HTMLParser):
    """The values that a browser would send for each form of a page that posts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._form: dict[str, list[str]] | None = None
        self._select: list[tuple[str, bool]] | None = None
        self._name = self._text = ""
        self._multiple = self._textarea = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and found.get("method") == "post" and found.get("id") != LOGOUT:
            self._form = {}
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "option" and self._select is not None:
            self._select.append((found.get("value") or "", "selected" in found))
        if not found.get("name") or "disabled" in found:
            return
        if tag == "input":
            self._read_input(found)
        elif tag == "select":
            self._name, self._select, self._multiple = str(found["name"]), [], "multiple" in found
        elif tag == "textarea":
            self._name, self._text, self._textarea = str(found["name"]), "", True

    def _read_input(self, found: dict[str, str | None]) -> None:
        kind = found.get("type", "text")
        if kind in ("submit", "button") or (kind in ("checkbox", "radio") and "checked" not in found):
            return
        self._add(str(found["name"]), found.get("value") or ("on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._select if selected]
            for value in chosen or ([] if self._multiple else [value for value, _ in self._select[:1]]):
                self._add(self._name, value)
            self._select = None
        elif tag == "textarea" and self._textarea:
            self._add(self._name, self._text.removeprefix("\n"))
            self._textarea = False

    def _add(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.setdefault(name, []).append(value)


class Console(SecureClient):
    """The console as `operator` sees it; without one, as a stranger does."""

    def __init__(self, operator: Any = None, **kwargs: Any) -> None:
        super().__init__(headers={"accept": "text/html", "host": "console.example.com"}, **kwargs)
        if operator is not None:
            self.force_login(operator)

    def fields(self, url: str) -> dict[str, list[str]]:
        """What the page at `url` would send unchanged."""
        response = self.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return FormReader(response.content.decode()).forms[-1]

    def submit(self, url: str, **changes: Any) -> Any:
        """Opens `url` and sends its form with `changes`; None leaves a field out. `__` in a name stands for `-`."""
        sent: dict[str, Any] = dict(self.fields(url))
        for name, value in changes.items():
            sent[name.replace("__", "-")] = value
        return self.post(url, {name: value for name, value in sent.items() if value is not None})


def errors(response: Any) -> str:
    """The error texts on a form page, which must be one: it came with 200."""
    assert response.status_code == 200, response.status_code
    form = response.context["adminform"].form
    found = [
        str(form.errors),
        *(str(formset.formset.errors) for formset in response.context.get("inline_admin_formsets", [])),
    ]
    found += [str(formset.formset.non_form_errors()) for formset in response.context.get("inline_admin_formsets", [])]
    return " ".join(found)


def shown_secret(answer):
    """The secret that the page shows, with the manners that it must have."""
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    assert "it is not shown again" in page
    secret = answer.context["secret"].value
    assert page.count(secret) == 1
    assert secret not in repr(answer.context["secret"])
    return secret
