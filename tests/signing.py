"""A signing program outside of ours: an authority, a person with a certificate, a signed PDF."""

from __future__ import annotations

import functools
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from hoptac.certificates.signatures import apart


def _certified(name: str, issuer: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
    """Make a key with its certificate, signed by itself or by an authority."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now, is_root = datetime.now(UTC), issuer is None
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_root, crl_sign=is_root,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


@functools.cache
def _root() -> tuple[Any, Any]:
    return _certified("Ban Cơ yếu Thử nghiệm")


@functools.cache
def _person() -> tuple[Any, Any]:
    return _certified("Nguyễn Văn Ký", _root())


def root_of_signers() -> bytes:
    """Return the authority's own certificate (PEM)."""
    return bytes(_root()[0].public_bytes(serialization.Encoding.PEM))


def another_root() -> bytes:
    """Return the certificate of an authority that nobody heard of before (PEM)."""
    return bytes(_certified("Tổ chức chứng thực khác")[0].public_bytes(serialization.Encoding.PEM))


def signed(content: bytes) -> bytes:
    """Return a PDF signed by a person whom that authority certified (PAdES)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificate, key = _person()
    der = serialization.Encoding.DER
    private = key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    registry = SimpleCertificateStore()
    registry.register(asn1_x509.Certificate.load(_root()[0].public_bytes(der)))
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=registry,
    )  # fmt: skip
    about = signers.PdfSignatureMetadata(
        field_name="ChuKy", subfilter=fields.SigSeedSubFilter.PADES
    )
    file = IncrementalPdfFileWriter(io.BytesIO(content))
    out: Any = apart(signers.sign_pdf, file, about, signer=signer)
    return bytes(out.getbuffer())
