"""A small symbolic model of the system: who holds what, and what follows from it.

Tables say it all: `derivations` (what the code computes), `checks` (what it refuses, and what an
attacker could do if it did not), `actors` (what somebody holds) and `goals` (what they may want).
`saturate` computes the rest, and `page` writes the tables of docs/threat-model.md. Cryptography is
taken to be perfect here; what stands on classical keys alone falls to the fact `quantum`.
"""
