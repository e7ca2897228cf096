"""Where an endpoint's key is: in a variable, in this machine's keyring, or in Secret Manager."""

from __future__ import annotations

import os
from types import ModuleType

from visiontools.errors import ConfigurationError, CredentialsError
from visiontools.models.credentials import Credentials, FetchedKey, Key, checked, in_thread
from visiontools.models.endpoint import Endpoint
from visiontools.models.policy import FaultError

SERVICE = "visiontools"
"""What the keyring files our keys under."""
_MISSING = "Install it: pip install 'visiontools[keyring]'"


def variable_key(endpoint: Endpoint) -> str | None:
    """The key an endpoint's variable holds; ConfigurationError where it names one that is empty."""
    if not endpoint.key_env:
        return None
    key = os.environ.get(endpoint.key_env)
    if not key:
        raise ConfigurationError(
            f"Endpoint '{endpoint.name}' takes its key from the variable {endpoint.key_env}, "
            "which is not set.",
            next=f"Set it in your shell: export {endpoint.key_env}=...",
        )
    return key


def credentials_of(endpoint: Endpoint, key: str | None) -> Credentials:
    """What signs an endpoint's requests; ``key`` is the one its variable holds, if it has one."""
    if endpoint.key_keyring:
        name = endpoint.key_keyring
        return FetchedKey(
            lambda: _from_keyring(name, endpoint.name),
            f"Store a valid one: keyring set {SERVICE} {name}",
        )
    if endpoint.key_secret:
        from visiontools.models.google_secrets import SecretManager

        return FetchedKey(
            SecretManager(endpoint).key,
            f"Add a valid version to {endpoint.key_secret.rpartition('/versions/')[0]}.",
        )
    if key is None:
        return Key(None)
    return Key(checked(key, endpoint.name, endpoint.key_env or "its variable"))


def store_key(name: str, key: str) -> None:
    """Put a key into this machine's keyring. Raises ConfigurationError where there is none."""
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, name, key)
    except keyring.errors.KeyringError as error:
        raise _unusable(error) from None


async def _from_keyring(name: str, endpoint: str) -> str:
    # A keyring that is locked asks its owner, who may be away.
    key = await in_thread(lambda: _read(name))
    if not key:
        raise FaultError(
            CredentialsError(
                f"The keyring holds no key named '{name}' for endpoint '{endpoint}'.",
                next=f"Store it: keyring set {SERVICE} {name}",
            )
        )
    return checked(key, endpoint, f"it (keyring set {SERVICE} {name})")


def _read(name: str) -> str | None:
    keyring = _keyring()
    try:
        key: str | None = keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError as error:
        raise _unusable(error) from None
    return key


def _keyring() -> ModuleType:
    try:
        import keyring
        import keyring.errors
    except ModuleNotFoundError:
        raise ConfigurationError("Keyrings are not supported yet here.", next=_MISSING) from None
    return keyring


def _unusable(error: Exception) -> ConfigurationError:
    from keyring.errors import NoKeyringError

    if isinstance(error, NoKeyringError):
        what, next = "This machine has no keyring.", "Keep the key in an environment variable"
    else:
        what = f"The keyring of this machine cannot be used ({type(error).__name__})."
        next = "Unlock it, or keep the key in an environment variable"
    return ConfigurationError(what, next=f"{next} (key_env).")
