"""A tenant's configuration as a directory of YAML, in the format of Auth0's deploy tool: out, compared, and in.

Works through the Management API's own resources (`tenants.rest.local`), so that it shows, checks and refuses what they do.
People are not configuration and stay where they are.
"""
