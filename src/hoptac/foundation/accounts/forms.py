"""Forms of a person's own account."""

from __future__ import annotations

from django import forms

from hoptac.foundation.accounts.models import User


class ProfileForm(forms.ModelForm):
    """What a person may change about the own account."""

    class Meta:
        model = User
        fields = ("language", "theme", "phone", "email")
