"""How the packages are made, one file a format; `packages/build` is what is run."""
