"""Talking to model servers: one wire, one policy, one file per profile."""
