"""The form of a connection."""

from django import forms

from tenants.models import Connection


class ConnectionForm(forms.ModelForm):
    class Meta:
        model = Connection
        fields = ("tenant", "name", "disable_signup", "brute_force_protection", "password_policy", "is_domain_connection")
        labels = {
            "disable_signup": "Closed: people cannot sign up themselves",
            "is_domain_connection": "Open to third-party applications",
        }
        help_texts = {
            "name": "What programs send as realm, and what the log says. It cannot be changed later.",
            "disable_signup": "The login page offers no account. Only you add people, here or through the Management API.",
            "brute_force_protection": "After ten wrong passwords for one account, the address they came from waits a while.",
            "password_policy": "For new passwords; those that are there stay good. Everybody needs eight characters that "
            "few others use; rules about kinds of characters add little.",
            "is_domain_connection": "Applications that others made may sign these people in, after asking them.",
        }
