"""What the holder of the offline root does: enrol, revoke, renew, and issue charters."""
