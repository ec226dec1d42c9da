"""What happens to a request before any view sees it: trust of proxies, request id, tenant, and the manners of pages."""
