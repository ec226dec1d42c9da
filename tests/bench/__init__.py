"""`make bench`: our token endpoint, stock django-oauth-toolkit and the physical limit, measured in one run on one machine.

Absolute figures say more about the machine than about the code, so the bars are ratios within the run. Every answer that
is counted is also checked.
"""
