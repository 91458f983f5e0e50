"""A user is a named person who signs in. What the person may do comes from mandates, never from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hoptac.foundation.access import Context
from hoptac.foundation.identifiers import uuid7

OWN = "accounts.own"
_within: Callable[[Context, str, User], bool] = lambda ctx, permission, user: True  # noqa: E731
_among: Callable[[Context, str], models.QuerySet[User]] = (  # noqa: E731
    lambda ctx, permission: User.objects.order_by("username")
)


def set_reach_of_people(
    within: Callable[[Context, str, User], bool],
    among: Callable[[Context, str], models.QuerySet[User]],
) -> None:
    """Declare whose accounts a caller may manage, and whom one finds (done by ``jurisdiction``)."""
    global _within, _among
    _within, _among = within, among


def people_within(ctx: Context, permission: str) -> models.QuerySet[User]:
    """Return the people within reach of a permission of the caller, in order of account names."""
    return _among(ctx, permission)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create a person who may sign in once a mandate is given."""
        user = self.model(username=username.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("account name"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    job_title = models.CharField(_("position"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="vi", choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    theme = models.CharField(
        _("appearance"), max_length=5, default="auto",
        choices=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )  # fmt: skip
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    # A password that an administrator gave opens the account only until then.
    password_until = models.DateTimeField(_("one-time password until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # Bumped whenever sessions must die: password, mandate or role change, disablement.
    session_epoch = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("username",)
        constraints = (models.UniqueConstraint(Lower("username"), name="user_username_ci"),)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def is_within(self, ctx: Context, permission: str) -> bool:
        """Tell whether the caller may act upon this account: the own one, or people of the own reach."""
        if permission == OWN:
            return ctx.user is not None and ctx.user.pk == self.pk
        return _within(ctx, permission, self)

    # Django's own permission questions: nobody holds any; mandates decide.
    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Session(models.Model):
    """A browser in which somebody signed in, or is about to.

    ``key`` is a digest of what the browser's cookie holds: who reads this table opens no session.
    """

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    data = models.JSONField(default=dict)
    # What must still hold: the person's epoch at sign-in, the moments of sign-in and of last use.
    epoch = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last used"))
    address = models.CharField(pgettext_lazy("network", "address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-seen_at",)
        indexes = (models.Index(fields=("seen_at",), name="session_seen"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at}"


class Attempt(models.Model):
    """A password or code that was tried: what the throttle counts.

    ``account`` and ``device`` are keyed digests: a password typed into the wrong field is not kept.
    """

    account = models.CharField(max_length=32)
    device = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=45, blank=True)
    kind = models.CharField(max_length=8)
    at = models.DateTimeField()
    counts = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("try to sign in")
        verbose_name_plural = _("tries to sign in")
        ordering = ("-at",)
        indexes = (
            models.Index(fields=("account", "at"), name="attempt_account"),
            models.Index(fields=("address", "at"), name="attempt_address"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class RateCount(models.Model):
    """How many calls the workers told of in a window of time (:mod:`.limits`).

    The table is unlogged: a crash forgets the last seconds' counts and nothing else.
    """

    key = models.CharField(primary_key=True, max_length=60)
    window = models.BigIntegerField()
    calls = models.IntegerField()
    ends_at = models.BigIntegerField()

    class Meta:
        default_permissions = ()
