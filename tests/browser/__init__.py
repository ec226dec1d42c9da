"""Every flow in headless Chromium, over https: a person clicks, applications on other sites answer, nothing is simulated."""
