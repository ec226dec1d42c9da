"""`make screenshots`: a picture of every page that people and operators see, to be looked at.

Serves a demo of its own on a free loopback port (`demo`), walks through it in Chromium (`public_pages`, `console_pages`) and
leaves pictures in light and dark, of a screen and a telephone, in var/screenshots (`album`). The best of them stand in the
README (`readme`). Judges nothing: what must hold of a page, tests say.
"""
