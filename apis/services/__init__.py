"""Writes of the first floor. Console, commands and Management API all come through here, so each rule holds on every road.

Every function validates (ValidationError), runs in one transaction, tells the audit trail and bumps the configuration cache
(`tenants.changes.changed`).
"""
