"""No row is forgotten when a body is succeeded by another: every relation says what becomes of it."""

from __future__ import annotations

from django.apps import apps

from hoptac.foundation.succession import policies
from hoptac.registry.models import Cooperative


def relations() -> set[str]:
    """Return every field of the system that points at a body."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field is not None and field.remote_field.model is Cooperative
    }


def test_every_relation_to_a_body_says_what_becomes_of_it() -> None:
    assert relations() - set(policies()) == set()


def test_no_policy_speaks_of_a_relation_that_is_no_more() -> None:
    assert set(policies()) - relations() == set()


def test_every_policy_says_why() -> None:
    assert all(p.why.strip() for p in policies().values())
