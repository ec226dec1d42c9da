"""Keys with which an application signs its assertions (private_key_jwt): added and removed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from apis.admin.opening import changeable
from apis.models import ClientCredential, CredentialAlg
from apis.services import credentials as services
from tenants.console.access import actor
from tenants.console.pages import object_url, question

ADD = "The application keeps the private key and signs with it; here stays the public one, which is no secret."
REMOVE = "Whatever is signed with this key is refused from now on."


class UnrepeatedText(forms.Textarea):
    """A text that no page shows again: somebody may have pasted a private key by mistake."""

    def format_value(self, value: Any) -> str:
        return ""


class NewCredentialForm(forms.Form):
    pem = forms.CharField(
        label="Public key",
        widget=UnrepeatedText({"rows": 8, "cols": 80, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text="PEM: an RSA public key of 2048 bits or more, or a certificate of one.",
    )
    alg = forms.ChoiceField(label="Algorithm", choices=CredentialAlg.choices)
    name = forms.CharField(max_length=128, required=False)
    kid = forms.CharField(
        label="Key ID", max_length=64, required=False, help_text="Empty: the thumbprint of the key (RFC 7638)."
    )
    expires_at = forms.DateTimeField(
        label="Expires",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text="Empty: never. Date and time in UTC.",
    )


class CredentialPages:
    """The part of an application's page that is about its keys."""

    def credential_urls(self: Any) -> list[URLPattern]:
        return [
            self.own_url("<path:object_id>/keys/add/", self.add_credential_view, "add_credential"),
            self.own_url(
                "<path:object_id>/keys/<str:credential_id>/remove/", self.remove_credential_view, "remove_credential"
            ),
        ]

    def add_credential_view(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        application = changeable(self, request, object_id)
        form = NewCredentialForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                credential = services.add_credential(application, by=actor(request), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, application, f"Added the key {credential.kid}.")
                messages.success(request, f"The key {credential} was added.")
                return HttpResponseRedirect(object_url(application, "credentials"))
        back = object_url(application, "credentials")
        title = button = "Add a key"
        return question(self, request, title=title, text=ADD, button=button, obj=application, form=form, back=back)

    def remove_credential_view(self: Any, request: HttpRequest, object_id: str, credential_id: str) -> HttpResponse:
        application = changeable(self, request, object_id)
        rows = ClientCredential.objects.filter(application=application, pk=unquote(credential_id))
        credential = rows.first()
        if credential is None:
            raise Http404("No key with this id")
        if request.method != "POST":
            title, back = f"Remove the key {credential}", object_url(application, "credentials")
            return question(self, request, title=title, text=REMOVE, button="Remove", obj=application, back=back)
        services.delete_credential(credential, by=actor(request))
        self.log_change(request, application, f"Removed the key {credential.kid}.")
        messages.success(request, f"The key {credential} was removed.")
        return HttpResponseRedirect(object_url(application, "credentials"))
