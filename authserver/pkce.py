"""Proof Key for Code Exchange (RFC 7636), S256 only: `plain` would put the proof itself into the address bar."""

import base64
import hashlib
import hmac
import re

from authserver import errors

# RFC 7636 §4.1 and §4.2: a SHA-256 in base64url has exactly 43 characters.
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}")


def checked_challenge(challenge: str, method: str, *, required: bool) -> str:
    """The code_challenge of an authorization request, "" when there is none. Raises PKCERequired, InvalidRequest.

    A missing method means `plain` (RFC 7636 §4.3), which is refused like the word itself (T-026).
    """
    if not challenge:
        if method:
            raise errors.InvalidRequest(reason="code_challenge_method was sent without code_challenge")
        if required:
            raise errors.PKCERequired()
        return ""
    if method != "S256":
        raise errors.InvalidRequest(reason="code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise errors.InvalidRequest(reason="code_challenge must be a SHA-256 in base64url: 43 characters without padding")
    return challenge


def verify(challenge: str, verifier: str) -> None:
    """Proves `verifier` against the stored `challenge` (both may be ""). Raises MissingParameter, WrongCodeVerifier.

    A verifier for a request without a challenge is refused: somebody took the challenge out (T-025).
    """
    if not challenge and not verifier:
        return
    if challenge and not verifier:
        raise errors.MissingParameter(parameter="code_verifier")
    if not challenge or not _VERIFIER.fullmatch(verifier):
        raise errors.WrongCodeVerifier()
    proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not hmac.compare_digest(proof, challenge):
        raise errors.WrongCodeVerifier()
