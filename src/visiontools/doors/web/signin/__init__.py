"""Who is asking: sign-in by password, OpenID Connect or Google's IAP, and keys for programs."""
