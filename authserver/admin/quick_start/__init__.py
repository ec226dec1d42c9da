"""The first tab of an application: how it gets its tokens, in code with its own values filled in.

`chosen_api` says for which API, `facts` what the code is filled with, `examples` which code, `steps` what is still missing,
`page` shows it. What the application would be answered is the policy's (`authserver.admin.effective_answer`).
"""
