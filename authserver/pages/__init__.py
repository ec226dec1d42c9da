"""What people see on the way: login, sign-up, account choice, consent, the account page, logout, errors. One module each.

Every form is tied to this browser (`parked.csrf_token`) and carries the person's decision only. No page calls another: they
send the browser to /authorize/resume, where `flow` decides what comes next.
"""
