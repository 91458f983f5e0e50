"""Pages for the world: is this certificate genuine, does it stand; the lists and the log behind it.

Nobody signs in here. What a code says stays on the reader's device: the address carries it behind
the ``#``, which browsers do not send; only a digest is asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hoptac.certificates import log, log_check, status
from hoptac.certificates.models import LogHead
from hoptac.certificates.terms import CertificateKind, Verdict
from hoptac.foundation.accounts import limits
from hoptac.foundation.accounts.middleware import public
from hoptac.foundation.accounts.sessions import address_of

# Questions that one address may ask in a minute.
MOST, WINDOW = 120, 60
# Lists may be kept by browsers and proxies for so many seconds, and carry their moment.
KEPT = 60
TILE = 1000

ICONS = {
    Verdict.VALID: ("ok", "shield-check"), Verdict.SUPERSEDED: ("warn", "history"),
    Verdict.REVOKED: ("bad", "circle-x"), Verdict.ENDED: ("bad", "circle-x"),
    Verdict.FORGED: ("bad", "alert-triangle"), Verdict.FOREIGN: ("grey", "help"),
    Verdict.UNREADABLE: ("grey", "help"),
}  # fmt: skip


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer an address that asks too often with 429 and how long to wait."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        room = limits.counter(f"c:{address_of(request)}", MOST, WINDOW).take()
        if room.is_over:
            answer: HttpResponse = JsonResponse({"error": "too many questions"}, status=429)
            answer["Retry-After"] = str(max(1, round(room.reset)))
            return answer
        answer = view(request, *args, **kwargs)
        for name, value in room.headers.items():
            answer[name] = value
        return answer

    return counted


def words() -> dict[Verdict, tuple[str, str]]:
    """Return for each verdict the word that is read from afar, and what it means."""
    return {
        Verdict.VALID: (_("Valid"), _(
            "This office issued this certificate and it is in force. "
            "Compare each line with the paper.")),
        Verdict.SUPERSEDED: (_("Superseded"), _("The certificate is genuine, but a newer one has taken its place.")),
        Verdict.REVOKED: (_("Revoked"), _("The certificate is genuine, but it was revoked and is in force no more.")),
        Verdict.ENDED: (_("Ended"), _("The certificate is genuine, but the body that it speaks of exists no more.")),
        Verdict.FORGED: (_("Forged"), _(
            "This office never issued such a certificate, or what it says was altered. "
            "Keep the paper and tell the office.")),
        Verdict.FOREIGN: (_("Not from this office"), _(
            "The code was not signed by this office. "
            "Ask the office whose name stands on the paper.")),
        Verdict.UNREADABLE: (_("Cannot be read"), _(
            "This is not the code of a certificate. Take the whole code and try again.")),
    }  # fmt: skip


def notes(answer: status.Answer | None) -> list[tuple[str, str, Any, str]]:
    """Return the notes below a verdict: code, icon, words, value; all of them where no answer is given."""
    known = {
        "since": ("calendar", _("Since"), answer and answer.verdict != Verdict.VALID and day_of(answer.since)),
        "current": ("certificate", _("In force in its place:"), answer and answer.current
                    and f"{answer.current.number} ({day_of(answer.current.issued_on)})"),
        "host": ("alert-triangle", _("The code leads to another address than this office's:"), answer and answer.host),
        "now": ("clock", _("As the office's register stands now:"), answer and moment_of(answer.as_of)),
        "offline": ("clock", _("There is no network. As this device last heard from the office:"), ""),
    }  # fmt: skip
    return [(code, *n[:2], n[2] or "") for code, n in known.items() if n[2] or answer is None]


def facts(answer: status.Answer | None) -> list[tuple[str, Any, str]]:
    """Return what the reader compares with the paper; every line, empty, where no answer is given.

    Of a forged code nothing is repeated.
    """
    told: dict[str, Any] = {}
    if answer is not None and answer.verdict is not Verdict.FORGED:
        if answer.said is not None:
            told = {**vars(answer.said)}
        elif answer.certificate is not None:
            told = status.public_facts(answer.certificate)
    if told:
        told["kind"] = CertificateKind(told["kind"]).label
        told["issued_on"] = day_of(told["issued_on"])
        capital = told.get("capital")
        told["capital"] = "" if capital is None else f"{capital:,} đ".replace(",", ".")
        told["status"] = answer.body_status if answer else ""
    labels = {
        "name": _("Name"), "code": _("Code of the body"), "office": _("Head office"),
        "capital": _("Charter capital"), "number": _("Certificate number"),
        "issued_on": _("Issued on"), "authority": _("Issued by"), "kind": _("What for"),
        "status": _("Legal status of the body today"),
    }  # fmt: skip
    return [(c, w, told.get(c, "")) for c, w in labels.items() if answer is None or told.get(c)]


def day_of(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def moment_of(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M, %d/%m/%Y}"


def _page(request: HttpRequest, answer: status.Answer | None = None, **more: Any) -> HttpResponse:
    shown = words()
    verdicts = [
        {"code": v.value, "word": shown[v][0], "meaning": shown[v][1], "tone": t, "icon": i}
        for v, (t, i) in ICONS.items()
    ]
    context = {
        "verdicts": verdicts,
        "shown": next((v for v in verdicts if answer and v["code"] == answer.verdict), None),
        "notes": notes(answer),
        "facts": facts(answer),
        "all_notes": notes(None),
        "all_facts": facts(None),
        "kinds": [(k.value, str(k.label)) for k in CertificateKind],
        "office_host": settings.PUBLIC_URL.partition("://")[2],
        **more,
    }
    return render(request, "certificates/check.html", context)


@public
@require_GET
def check_page(request: HttpRequest) -> HttpResponse:
    """The page that a phone opens: it reads the code behind the # by itself."""
    return _page(request)


@public
@never_cache
@limited
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Judge a pasted code, or a number with a code, where no script does."""
    text = request.POST.get("text", "").strip()[:8000]
    number, code = (request.POST.get(n, "").strip()[:40] for n in ("number", "code"))
    if text:
        return _page(request, status.of_text(text), typed=text)
    if not (number and code):
        return _page(request, missing=True, number=number, code=code)
    return _page(request, status.of_number(number, code), number=number, code=code, asked=True)


@public
@never_cache
@limited
@require_GET
def status_of(request: HttpRequest, digest: str = "") -> HttpResponse:
    """Tell how a certificate stands now: by the digest of its code, or by number and code."""
    if digest:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise Http404
        return JsonResponse(status.of_digest(digest).as_data())
    number, code = (request.GET.get(n, "")[:40] for n in ("number", "code"))
    answer = status.of_number(number, code) if number and code else None
    if answer is None:
        return JsonResponse({"verdict": "unknown"}, status=404)
    return JsonResponse(answer.as_public_data())


def _kept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The keys, and all certificates that are not in force: what a phone needs without network."""
    return _kept(JsonResponse(status.lists()))


@public
@require_GET
def key_list(request: HttpRequest) -> HttpResponse:
    """Every public key that this office ever signed with."""
    return _kept(JsonResponse({"keys": status.key_list()}))


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page on the phone; it may answer for /c and what lies below."""
    names = (
        "verify.js",
        "code.js",
        "certificates.css",
        "vendor/nacl-fast.min.js",
        "vendor/jsQR.js",
    )
    styles = ("tokens", "reboot", "fonts", "theme", "layout", "components", "forms", "tables")
    context = {
        "files": [static(f"certificates/{n}") for n in names]
        + [static(f"ui/{n}.css") for n in styles]
        + [static("ui/mark.svg")],
    }
    text = render_to_string("certificates/worker.js", context)
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/c"
    answer["Cache-Control"] = "no-cache"
    return answer


# --- The log in the open ------------------------------------------------------------------------


def _head(size: int | None = None) -> LogHead:
    found = log.head(size)
    if found is None:
        raise Http404
    return found


@public
@require_GET
def log_page(request: HttpRequest) -> HttpResponse:
    """What the log is, its head, and everything to download."""
    last = log.head()
    tiles = range(0, last.size, TILE) if last else []
    context = {"head": last, "origin": log.origin(), "tiles": [(t // TILE, t) for t in tiles]}
    return render(request, "certificates/log.html", context)


@public
@require_GET
def log_head(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The latest signed head, or that of a size, as a signed note."""
    return _kept(HttpResponse(_head(size).text, content_type="text/plain; charset=utf-8"))


@public
@require_GET
def log_entries(request: HttpRequest, tile: int | None = None) -> HttpResponse:
    """The entries, one JSON line each: all of them, or one tile of a thousand."""
    found = log.lines() if tile is None else log.lines(tile * TILE, TILE)
    text = "".join(f"{line}\n" for line in found)
    return _kept(HttpResponse(text, content_type="application/jsonl; charset=utf-8"))


@public
@limited
@require_GET
def log_inclusion(request: HttpRequest, digest: str) -> HttpResponse:
    """Proof that everything told of a certificate stands in the latest head."""
    last = _head()
    found = [
        {"number": number, "line": line, "path": path}
        for number, line, path in log.inclusion(digest, last.size)
    ]
    if not found:
        raise Http404
    return _kept(JsonResponse({"size": last.size, "head": last.text, "entries": found}))


@public
@limited
@require_GET
def log_consistency(request: HttpRequest, first: int, size: int) -> HttpResponse:
    """Proof that the log of ``first`` entries is the beginning of the one of ``size``."""
    if not 0 < first <= size <= _head().size:
        raise Http404
    return _kept(JsonResponse({"first": first, "size": size, "path": log.consistency(first, size)}))


@public
@require_GET
def log_checker(request: HttpRequest) -> HttpResponse:
    """The small program that checks a downloaded log."""
    text = Path(log_check.__file__).read_text(encoding="utf-8")
    answer = HttpResponse(text, content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="log_check.py"'
    return answer
