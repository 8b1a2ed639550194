"""Development tools of the runapy monorepo: spec import, generator, check, build."""
