"""Stories told through HTTP, one file per story or endpoint. `security/` carries the ids of the security checklist."""
