"""How a tenant's public pages look like the tenant's own: its colours, judged and completed, its logo, its favicon.

`colours` is the arithmetic, `rules` says which colours may be chosen, `palette` makes the ones that nobody chose (dark mode,
tints), `stylesheet` writes them down, `marks` is what a page's template is told. Owns no page.
"""
