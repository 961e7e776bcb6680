"""Model packs: finding, checking, importing and running them."""
