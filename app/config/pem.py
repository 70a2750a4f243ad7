"""A private key as a setting."""

from pathlib import Path


def rsa_key(text: str) -> str:
    """A PEM, whose lines may be joined by \\n, or the path of its file."""
    # Here, because every process reads the settings, and few installations have such a key.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        pem = text.replace("\\n", "\n") if text.startswith("-----BEGIN") else Path(text).expanduser().read_text()
        key = load_pem_private_key(pem.encode(), None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("an RSA private key in PEM, or the path of a file that has it")
    return pem
