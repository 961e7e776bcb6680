"""Parts of the composition root, each one group of services; `bootstrap` uses them."""
