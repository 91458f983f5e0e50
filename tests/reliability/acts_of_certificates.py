# ruff: noqa: E501  (a table, one act a line)
"""The acts upon certificates, their keys and batches (a part of every_act.py)."""

from __future__ import annotations

from datetime import date

from hoptac.certificates import actions as certify
from tests.reliability.stage import LATER, Known
from tests.signing import another_root, signed

ROWS: dict[str, Known] = {
    "certificates.rotate_key": Known(lambda s: s.key(), lambda ctx, x: certify.rotate_key(ctx.because("hằng năm")), "certificates.signingkey"),
    "certificates.issue_certificate": Known(lambda s: (s, s.key(), s.due()), lambda ctx, x: x[0].issue(ctx, x[2]), "registry.cooperative"),
    "certificates.draw_up_batch": Known(lambda s: (s, s.key(), s.due()), lambda ctx, x: x[0].draw_up(ctx, x[2]), "certificates.issuebatch"),
    "certificates.choose_item": Known(lambda s: (b := s.drawn(), b.items.get().pk), lambda ctx, x: certify.choose_item(ctx, x[0], item=x[1], take=False), "certificates.issuebatch"),
    "certificates.start_batch": Known(lambda s: s.drawn(), lambda ctx, b: certify.start_batch(ctx, b), "certificates.issuebatch"),
    "certificates.stop_batch": Known(lambda s: s.started(), lambda ctx, b: certify.stop_batch(ctx, b), "certificates.issuebatch"),
    "certificates.put_batch_aside": Known(lambda s: s.drawn(), lambda ctx, b: certify.put_batch_aside(ctx, b), "certificates.issuebatch"),
    "certificates.issue_block": Known(lambda s: s.running(), lambda ctx, x: certify.issue_block(ctx, x[0], foreseen=x[1], ready={}), "certificates.issuebatch", entries=2),
    "certificates.revoke_certificate": Known(lambda s: s.certificate(), lambda ctx, c: certify.revoke_certificate(ctx.because("sai"), c, on=LATER), "registry.cooperative"),
    "certificates.restore_certificate": Known(lambda s: s.revoked(), lambda ctx, c: certify.restore_certificate(ctx.because("đúng"), c, on=date(2022, 1, 1)), "registry.cooperative"),
    "certificates.attach_signed_file": Known(lambda s: (c := s.certificate(), signed(c.file.read())), lambda ctx, x: certify.attach_signed_file(ctx, x[0], content=x[1], name="ky.pdf"), "registry.cooperative"),
    "certificates.trust_root": Known(lambda s: another_root(), lambda ctx, r: certify.trust_root(ctx, content=r), "certificates.trustedroot"),
    "certificates.distrust_root": Known(lambda s: certify.trust_root(s.ctx, content=another_root()), lambda ctx, r: certify.distrust_root(ctx.because("hết tin"), r), "certificates.trustedroot"),
}  # fmt: skip
